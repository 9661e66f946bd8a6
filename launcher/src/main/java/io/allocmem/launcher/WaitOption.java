package io.allocmem.launcher;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Option to wait for the plan that a command starts. */
final class WaitOption {
  static final String DEFAULT = "60s";

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "TIME",
      preprocessor = Attached.class,
      converter = TimeConverter.class,
      description = {
        "return when the plan has reached what was asked, or cannot;",
        "TIME (default: " + DEFAULT + ", 0: no limit) only as --wait=TIME"
      })
  private Duration timeout;

  WaitOption() {}

  /** Returns the time limit; zero for no limit, null to return at once. */
  Duration timeout() {
    return timeout;
  }

  /** Takes only a value with an equals sign: the next word can be the PID. */
  static final class Attached extends AttachedValue {
    Attached() {
      super(DEFAULT);
    }
  }
}
