// Asks, and sends what is answered.
export const version = 0;
