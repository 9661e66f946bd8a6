package io.allocmem.launcher;

import io.allocmem.launcher.knee.Promise;
import io.allocmem.launcher.load.Rate;
import io.allocmem.launcher.probe.HttpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters for the values of {@link KneeCommand}. */
final class KneeValues {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(1);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

  private KneeValues() {}

  private static <T> T parsed(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Converts a promise. */
  static final class Slo implements ITypeConverter<Promise> {
    Slo() {}

    @Override
    public Promise convert(String text) {
      return parsed(text, Promise::parse);
    }
  }

  /** Converts a URL of http or https. */
  static final class Url implements ITypeConverter<HttpAddress> {
    Url() {}

    @Override
    public HttpAddress convert(String text) {
      return parsed(text, HttpAddress::parse);
    }
  }

  /** Converts a rate of requests. */
  static final class Requests implements ITypeConverter<Rate> {
    Requests() {}

    @Override
    public Rate convert(String text) {
      return parsed(text, Rate::parse);
    }
  }

  /** Converts a share of the heap. */
  static final class Share implements ITypeConverter<Integer> {
    Share() {}

    @Override
    public Integer convert(String text) {
      if (!text.matches("[1-9]\\d?%")) {
        throw new TypeConversionException("a share is a whole percentage of 1% to 99%");
      }
      return Integer.valueOf(text.substring(0, text.length() - 1));
    }
  }

  /** Converts the time of a measurement. */
  static final class Measure implements ITypeConverter<Duration> {
    Measure() {}

    @Override
    public Duration convert(String text) {
      Duration time = new TimeConverter().convert(text);
      if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
        throw new TypeConversionException("a measurement takes 1s to 1h");
      }
      return time;
    }
  }

  /** Converts the time limit of an answer: shorter than the leases of the plans. */
  static final class Answer implements ITypeConverter<Duration> {
    Answer() {}

    @Override
    public Duration convert(String text) {
      Duration time = new TimeConverter().convert(text);
      if (time.isZero() || time.compareTo(LONGEST_ANSWER) > 0) {
        throw new TypeConversionException("a time limit of an answer is 1ms to 20s");
      }
      return time;
    }
  }

  /** Converts the file of a report. */
  static final class Page implements ITypeConverter<Path> {
    Page() {}

    @Override
    public Path convert(String text) {
      if (!text.endsWith(".html")) {
        throw new TypeConversionException("the report is a page: its name ends with .html");
      }
      return Path.of(text);
    }
  }
}
