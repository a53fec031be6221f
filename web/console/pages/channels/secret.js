/** A channel's signing secret is told once: it is held here from the moment it is made until its page has shown it. */
const held = new Map();

export const keep = (channel_id, secret) => held.set(channel_id, secret);
export const secretOf = (channel_id) => held.get(channel_id);
export const drop = (channel_id) => held.delete(channel_id);
