// The words of scripts in another language than English. Empty here; a build in that language fills it.

export const language = "en";
/** @type {(n: number) => number} */
export const form = (n) => Number(n !== 1);
/** @type {{ [message: string]: any }} */
export const words = {};
