package io.allocmem.launcher;

import io.allocmem.arguments.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts times in the format of the plan's options: {@code 0.5s}, {@code 1m30s}. */
final class TimeConverter implements ITypeConverter<Duration> {
  TimeConverter() {}

  @Override
  public Duration convert(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
