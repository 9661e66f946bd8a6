package io.allocmem.readings;

/** Page cache that counts as used. Shared memory, as files of tmpfs, always does. */
enum CountedCache {
  /** As in the kernel's own count. */
  ALL,

  /** Cache that is in use: a service gets slow without this cache. */
  ACTIVE,

  /** No cache: the kernel reclaims all cache before the kernel ends a process. */
  NONE
}
