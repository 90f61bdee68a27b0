// The words of scripts in another language than English. Empty here; a build in that language fills it.

export const language = "en";
export const form = (n) => Number(n !== 1);
export const words = {};
