package io.allocmem.launcher;

import io.allocmem.launcher.probe.HttpAddress;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters for the values of {@link ProbeOptions}. */
final class ProbeValues {
  private static final Duration LEAST = Duration.ofMillis(100);

  private ProbeValues() {}

  /** Converts a URL of http or https. */
  static final class HttpUrl implements ITypeConverter<HttpAddress> {
    HttpUrl() {}

    @Override
    public HttpAddress convert(String text) {
      try {
        return HttpAddress.parse(text);
      } catch (IllegalArgumentException e) {
        boolean user = e.getMessage().contains(" user ");
        throw new TypeConversionException(
            e.getMessage() + (user ? ": give --probe with a command that reads a file" : ""));
      }
    }
  }

  /** Converts a status of HTTP. */
  static final class Status implements ITypeConverter<Integer> {
    Status() {}

    @Override
    public Integer convert(String text) {
      if (!text.matches("[2-5]\\d\\d")) {
        throw new TypeConversionException("a status is one number of 200 to 599");
      }
      return Integer.valueOf(text);
    }
  }

  /** Converts a number of failures. */
  static final class Times implements ITypeConverter<Integer> {
    Times() {}

    @Override
    public Integer convert(String text) {
      if (!text.matches("[1-9]\\d{0,8}")) {
        throw new TypeConversionException("a number of failures is 1 or more");
      }
      return Integer.valueOf(text);
    }
  }

  /** Converts an interval. */
  static final class Interval implements ITypeConverter<Duration> {
    Interval() {}

    @Override
    public Duration convert(String text) {
      Duration time = new TimeConverter().convert(text);
      if (time.compareTo(LEAST) < 0) {
        throw new TypeConversionException(
            "an interval of checks is at least " + LEAST.toMillis() + " ms");
      }
      return time;
    }
  }

  /** Converts a time limit. */
  static final class Limit implements ITypeConverter<Duration> {
    Limit() {}

    @Override
    public Duration convert(String text) {
      Duration time = new TimeConverter().convert(text);
      if (time.isZero()) {
        throw new TypeConversionException("a check needs a time limit above 0");
      }
      return time;
    }
  }
}
