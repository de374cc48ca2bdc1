// The four data channels of a mesh peer (SPEC 1.2). Between mesh peers they are negotiated with these stream ids, so that
// none is opened twice or waits for DCEP.

export const ChannelKind = Object.freeze({ control: 0, reliable: 1, unreliable: 2, file: 3 });

/** By stream id. */
export const channels = Object.freeze([
  { label: "control", priority: "high" },
  { label: "reliable", priority: "medium" },
  { label: "unreliable", priority: "medium", ordered: false, maxRetransmits: 0 },
  { label: "file", priority: "very-low" },
]);
