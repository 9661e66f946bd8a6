package io.allocmem.launcher;

import io.allocmem.arguments.Durations;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How often a command that stays looks, and where it writes what it sees. */
final class RecordOptions {
  private static final Duration LEAST = Duration.ofMillis(10);

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "write each look to a new file, a line of JSON each, for allocmem report")
  private Path file;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = Every.class,
      defaultValue = "250ms",
      description =
          "from one look to the next, plain ms or with ms, s, m, h (default: ${DEFAULT-VALUE})")
  private Duration every;

  RecordOptions() {}

  /** Where to write; null for nowhere. */
  Path file() {
    return file;
  }

  /** From one look to the next. */
  long everyMillis() {
    return every.toMillis();
  }

  /** Times as the plan's options write them. */
  static final class Every implements ITypeConverter<Duration> {
    Every() {}

    @Override
    public Duration convert(String text) {
      try {
        Duration every = Durations.parse(text);
        if (every.compareTo(LEAST) >= 0) {
          return every;
        }
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
      throw new TypeConversionException("a look each " + LEAST.toMillis() + " ms at most");
    }
  }
}
