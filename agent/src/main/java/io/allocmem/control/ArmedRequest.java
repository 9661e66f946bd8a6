package io.allocmem.control;

/**
 * Request of a launcher to an armed agent. The order is part of the protocol: add at the end only.
 */
public enum ArmedRequest {
  /** No request: also replaces a request that nobody waits for any more. */
  NONE,
  /** Start a plan. */
  START,
  /** End the arming; plans stay. */
  DISARM
}
