package sun.nio.ch;

import jdk.internal.ref.Cleaner;

/** Signatures of JDK 9 to 25, to compile against. Not in the jar. */
public interface DirectBuffer {
  Cleaner cleaner();
}
