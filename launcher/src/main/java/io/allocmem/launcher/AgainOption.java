package io.allocmem.launcher;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Option to start a held plan again after each restart of the service. */
final class AgainOption {
  private static final String NO_LIMIT = "0";

  @Option(
      names = "--again",
      arity = "0..1",
      paramLabel = "N",
      preprocessor = Attached.class,
      converter = Times.class,
      description = {
        "hold as --hold does, and start the plan again when a JVM of that name comes up anew,",
        "N times at most (default: no limit) only as --again=N"
      })
  private Integer most;

  AgainOption() {}

  /** Returns true if the plan starts again after a restart. */
  boolean isGiven() {
    return most != null;
  }

  /** Returns the maximum number of new starts; 0 for no limit. */
  int most() {
    return most;
  }

  /** Takes only a value with an equals sign: the next word can be the name of the JVM. */
  static final class Attached extends AttachedValue {
    Attached() {
      super(NO_LIMIT);
    }
  }

  /** Converts a number of new starts. */
  static final class Times implements ITypeConverter<Integer> {
    Times() {}

    @Override
    public Integer convert(String text) {
      if (!text.matches("\\d{1,9}")) {
        throw new TypeConversionException("a number of restarts is 1 or more; 0: no limit");
      }
      return Integer.valueOf(text);
    }
  }
}
