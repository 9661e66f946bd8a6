package io.allocmem.plan;

import java.util.Locale;

/** Kind of pages that the touched part of a plan's blocks has. */
public enum PageKind {
  /** Pages of the machine's page size, which the kernel may swap out. */
  NORMAL,

  /** Transparent huge pages, as far as the kernel has any. */
  HUGE,

  /** Pages that the kernel keeps in RAM, see mlock(2). */
  LOCKED;

  /**
   * Reads {@code normal}, {@code huge} or {@code locked}, in any case.
   *
   * @throws IllegalArgumentException with the rule, for any other word
   */
  public static PageKind parse(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    for (PageKind kind : values()) {
      if (kind.toString().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("pages are normal, huge or locked");
  }

  /** Returns the option text: {@code huge}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
