/** IP addresses: strict text → 128 bits → canonical text. Knows nothing of registries or networks. */

/**
 * An IP address.
 * Shape: four unsigned 32-bit words, most significant first. IPv4 sits in `w3` alone, with family 4.
 */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  /** Canonical text: dotted decimal, or RFC 5952. */
  readonly text: string;
}
