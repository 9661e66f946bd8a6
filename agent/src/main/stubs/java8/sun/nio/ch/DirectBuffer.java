package sun.nio.ch;

import sun.misc.Cleaner;

/** Signatures of JDK 8, to compile against. Not in the jar. */
public interface DirectBuffer {
  /** The same on all JDKs. */
  long address();

  Cleaner cleaner();
}
