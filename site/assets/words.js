// The translated messages of scripts. Empty in English; a build in another language writes its own.

export const language = "en";
/** @type {(n: number) => number} */
export const form = (n) => Number(n !== 1);
/** @type {{ [message: string]: any }} */
export const words = {};
