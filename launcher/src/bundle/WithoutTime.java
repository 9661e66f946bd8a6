import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the first of two archives of the same classes without the time of its build. An archive
 * with linked classes contains soft references, each with the time of the kernel's monotonic clock
 * in milliseconds. So the words in which two archives differ are this time, and become 0: the
 * collector takes such a reference for one that was not used for long, as it takes any reference of
 * an older machine. The two checksums in the first page become 0 as well; a JVM reads them with
 * {@code -XX:+VerifySharedSpaces} only. Fails if the archives differ in anything else.
 *
 * <p>Arguments: both archives.
 */
final class WithoutTime {
  private static final int HEADER = 4096;

  /** Checksums in the header, of 32 bits: of the header, and of the heap. */
  private static final int CHECKSUMS = 2;

  private static final int HOUR_MILLIS = 3_600_000;

  public static void main(String[] archives) throws IOException {
    Path path = Path.of(archives[0]);
    ByteBuffer first = read(path);
    ByteBuffer second = read(Path.of(archives[1]));
    if (first.limit() != second.limit()) {
      throw new IOException("the archives differ in size");
    }
    long time = 0;
    int checksums = 0;
    for (int at = 0; at < first.limit(); at += Long.BYTES) {
      long one = first.getLong(at);
      long other = second.getLong(at);
      if (one != other && at >= HEADER) {
        time = time == 0 ? one : time;
        if (!isSoonAfter(one, other) || !isSoonAfter(time - HOUR_MILLIS / 2, one)) {
          throw new IOException("the archives differ in more than their time, at " + at);
        }
        first.putLong(at, 0);
      } else if (one != other) {
        first.putLong(at, one & mask(one ^ other));
        checksums++;
      }
    }
    if (checksums > CHECKSUMS) {
      throw new IOException("the archives differ in %d words of the header".formatted(checksums));
    }
    Files.write(path, first.array());
  }

  private static boolean isSoonAfter(long time, long later) {
    return later > time && later - time < HOUR_MILLIS;
  }

  private static ByteBuffer read(Path path) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns a mask without the 32-bit halves that differ. */
  private static long mask(long difference) {
    long low = 0xFFFF_FFFFL;
    return ((difference & low) == 0 ? low : 0) | ((difference & ~low) == 0 ? ~low : 0);
  }
}
