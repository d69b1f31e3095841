// The words in which a framed page tells its height.

/** The messages that hosts listen for: Datawrapper's, and AMP's `amp-iframe`. */
export function messages(name: string, height: number): object[] {
  return [
    { "datawrapper-height": { [name]: height } },
    { sentinel: "amp", type: "embed-size", height },
  ];
}
