// The translated messages of scripts. Empty in English; a build in another language writes its own.

export const language = "en";
/** @type {(n: number) => number} */
export const form = (n) => Number(n !== 1);
/** @type {{ [message: string]: any }} */
export const words = {};
/** @type {DateNames} */
export const names = {
  weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  short_weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  months: [
    ...["January", "February", "March", "April", "May", "June"],
    ...["July", "August", "September", "October", "November", "December"],
  ],
  short_months: [
    ...["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  ],
};
