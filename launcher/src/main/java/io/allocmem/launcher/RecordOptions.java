package io.allocmem.launcher;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Sampling interval and record file of a command that stays. */
final class RecordOptions {
  private static final Duration LEAST = Duration.ofMillis(10);

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "write the samples to a new file, one line of JSON each, for allocmem report")
  private Path file;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = Every.class,
      defaultValue = "250ms",
      description = "sampling interval: 50ms, 0.5s, 1m (default: ${DEFAULT-VALUE})")
  private Duration every;

  RecordOptions() {}

  /** Returns the record file; null for no record. */
  Path file() {
    return file;
  }

  /** Returns the sampling interval. */
  long everyMillis() {
    return every.toMillis();
  }

  /** Converts times in the format of the plan's options. */
  static final class Every implements ITypeConverter<Duration> {
    Every() {}

    @Override
    public Duration convert(String text) {
      Duration every = new TimeConverter().convert(text);
      if (every.compareTo(LEAST) < 0) {
        throw new TypeConversionException(
            "a sampling interval is at least " + LEAST.toMillis() + " ms");
      }
      return every;
    }
  }
}
