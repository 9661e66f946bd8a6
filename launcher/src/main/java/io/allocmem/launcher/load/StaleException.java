package io.allocmem.launcher.load;

import java.io.IOException;

/** The service closed a kept connection before the first byte of an answer. */
final class StaleException extends IOException {
  private static final long serialVersionUID = 1;

  StaleException(IOException cause) {
    super(cause);
  }
}
