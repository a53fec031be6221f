import { whenLeft } from "../../session.js";
import { store, useStore } from "../../store.js";

/** A channel's signing secret is told once: it is held here, in memory alone, from the moment it is made until somebody says that they kept it. */
const held = store({});
whenLeft(() => held.set({}));

export const keep = (channel_id, secret) => held.set((now) => ({ ...now, [channel_id]: secret }));
export const drop = (channel_id) => keep(channel_id, undefined);
export const useSecret = (channel_id) => useStore(held)[channel_id];
