package io.allocmem.launcher;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random input for the parsers. Each build tries as many rounds as fit into some seconds, {@code
 * -Plong} tries all. A failure names its seed: {@code -Dallocmem.test.seed=SEED} begins with it.
 */
public final class Fuzz {
  /** A round that fails throws. */
  public interface Round {
    void run(SplittableRandom random) throws Exception;
  }

  /** Texts that have a meaning to some parser, or none to all of them. */
  private static final String[] WORDS = {
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "1e9",
    "NaN",
    "%",
    "k",
    "g",
    "=",
    ",",
    ",,",
    " ",
    "\n",
    "\0",
    "\t",
    ":",
    "/",
    "..",
    "\\u0000",
    "\\u",
    "\"",
    "{",
    "}",
    "[",
    "]",
    "null",
    "true",
    "\u001b[31m",
    "\u009b",
    "\u202e",
    "\ufeff",
    "é",
    "😀",
    "\ud800",
    "<script>",
    "=cmd()",
    "-XX:+ExitOnOutOfMemoryError",
    "memory",
    " - ",
    ")",
    "("
  };

  private static final Duration BUILD = Duration.ofSeconds(4);
  private static final Duration BUILD_BOUND = Duration.ofSeconds(20);
  private static final Duration LONG_BOUND = Duration.ofMinutes(10);
  private static final int LONGEST_MESSAGE = 1024; // bytes
  private static final int FEWEST = 100;

  private Fuzz() {}

  /** Runs the rounds; a hang ends the test at its bound. */
  public static void rounds(int inFull, Round round) {
    boolean full = Boolean.getBoolean("allocmem.test.long");
    long seed = Long.getLong("allocmem.test.seed", System.nanoTime());
    AtomicLong done = new AtomicLong();
    try {
      assertTimeoutPreemptively(
          full ? LONG_BOUND : BUILD_BOUND,
          () -> {
            long end = System.nanoTime() + BUILD.toNanos();
            boolean enough = false;
            while (!enough) {
              round.run(new SplittableRandom(seed + done.get()));
              long rounds = done.incrementAndGet();
              enough = rounds >= inFull || !full && rounds >= FEWEST && System.nanoTime() > end;
            }
          });
    } catch (Throwable failure) {
      long failed = seed + done.get();
      throw new AssertionError("again with -Dallocmem.test.seed=" + failed, failure);
    }
    System.out.printf("fuzz: %d of %d rounds, seed %d%n", done.get(), inFull, seed);
  }

  /** What is told to a person fits into a few lines of a terminal. */
  public static void requireShort(String message) {
    if (message == null || message.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE) {
      throw new AssertionError("a message over 1 KiB, or none: " + message);
    }
  }

  /** One of them. */
  @SafeVarargs
  public static <T> T one(SplittableRandom random, T... of) {
    return of[random.nextInt(of.length)];
  }

  /** True once in so many times. */
  public static boolean once(SplittableRandom random, int in) {
    return random.nextInt(in) == 0;
  }

  /** A number of any magnitude, often an extreme one. */
  public static long number(SplittableRandom random) {
    long extreme = one(random, 0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31, 1L << 20);
    return once(random, 3) ? extreme : random.nextLong() >> random.nextInt(64);
  }

  /** Text of at most so many pieces. */
  public static String text(SplittableRandom random, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      text.append(
          once(random, 3)
              ? one(random, WORDS)
              : String.valueOf((char) random.nextInt(once(random, 4) ? 0x10000 : 0x80)));
    }
    return text.toString();
  }

  /** The text with a few things cut, repeated, replaced or put in; once in a while a long one. */
  public static String mutated(SplittableRandom random, String text) {
    StringBuilder mutated = new StringBuilder(text);
    for (int left = random.nextInt(4) + 1; left > 0; left--) {
      int from = random.nextInt(mutated.length() + 1);
      int to = Math.min(mutated.length(), from + random.nextInt(8));
      String part = mutated.substring(from, to);
      switch (random.nextInt(5)) {
        case 0 -> mutated.delete(from, to);
        case 1 -> mutated.insert(from, part.repeat(once(random, 50) ? 2000 : 2));
        case 2 -> mutated.replace(from, to, one(random, WORDS));
        case 3 -> mutated.insert(random.nextInt(mutated.length() + 1), part);
        default -> mutated.insert(from, text(random, 3));
      }
    }
    return mutated.toString();
  }

  /** The bytes with a few of them set, cut, or replaced by an extreme number. */
  public static byte[] mutated(SplittableRandom random, byte[] bytes) {
    byte[] mutated = bytes.clone();
    for (int left = random.nextInt(6) + 1; left > 0 && mutated.length > 8; left--) {
      int at = random.nextInt(mutated.length - 8);
      long number = number(random);
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] = (byte) number;
        case 1 -> putBigEndian(mutated, at, one(random, 2, 4, 8), number);
        case 2 -> Arrays.fill(mutated, at, at + random.nextInt(8), (byte) number);
        default -> System.arraycopy(bytes, random.nextInt(bytes.length - 8), mutated, at, 8);
      }
    }
    return once(random, 20) ? Arrays.copyOf(mutated, random.nextInt(bytes.length + 9)) : mutated;
  }

  private static void putBigEndian(byte[] bytes, int at, int width, long number) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (number >> 8 * (width - 1 - i));
    }
  }
}
