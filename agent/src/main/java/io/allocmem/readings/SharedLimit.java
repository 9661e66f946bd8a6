package io.allocmem.readings;

import io.allocmem.control.Reading;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Answer to a question about two processes: does memory of one process count against a memory limit
 * of the other process as well? Allocates.
 */
public enum SharedLimit {
  YES,
  /** A common ancestor is not visible, as in a pod. */
  MAYBE,
  NO;

  /**
   * Returns the answer for a limit of a process.
   *
   * @param process directory of the limited process in {@code /proc}
   * @param other directory of the other process in {@code /proc}
   */
  public static SharedLimit of(Path process, Path other) {
    Cgroups others = Cgroups.of(other, Cgroups.SELF, "memory");
    Cgroups ours = Cgroups.of(process, Cgroups.SELF, "memory");
    if (ours.problem != null) {
      return ours.hasBeside(others) ? MAYBE : NO;
    }
    byte[] buffer = new byte[KernelFile.PIECE];
    for (String directory : ours.directories) {
      try (MemoryLevel level = MemoryLevel.of(null, directory, ours.second, buffer)) {
        if (level != null && isLimit(level) && others.directories.contains(directory)) {
          return YES;
        }
      } catch (IOException unreadable) {
        return MAYBE;
      }
    }
    return NO;
  }

  /** Returns false for no limit; in version 1 no limit is the largest number of pages. */
  private static boolean isLimit(MemoryLevel level) {
    long least = Math.min(level.limit(), level.high());
    return least != Reading.UNKNOWN && least < Long.MAX_VALUE / 2;
  }
}
