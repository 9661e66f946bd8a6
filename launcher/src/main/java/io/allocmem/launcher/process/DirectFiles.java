package io.allocmem.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads and writes files with the rights of the launcher's own user. */
final class DirectFiles implements ForeignFiles {
  static final ForeignFiles INSTANCE = new DirectFiles();

  /** Time limit of a read; a file answers much earlier, even on a busy machine. */
  private static final long MILLIS = 700;

  /** Time limit of a write: some hundred KiB take longer when memory is short. */
  private static final long WRITE_MILLIS = 3000;

  /** The kernel allows 65,530 mappings; the line for one mapping has some hundred bytes. */
  private static final int MOST_BYTES = 32 << 20;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,255}");

  private DirectFiles() {}

  /** Returns true if {@link #list} may return the name. */
  static boolean isPlain(String name) {
    return PLAIN.matcher(name).matches();
  }

  @Override
  public byte[] read(Path file, int most) throws IOException {
    return OpenPath.answersAtOnce(file)
        ? bytes(file, most)
        : TimeLimit.within(MILLIS, file, () -> bytes(file, most));
  }

  private static byte[] bytes(Path file, int most) throws IOException {
    try (InputStream in = openToRead(file)) {
      return in.readNBytes(most);
    }
  }

  /**
   * Opens a regular file, a file of the kernel in a single step: nobody can replace {@code
   * /proc/PID/status}, and {@code list} reads a thousand of them.
   */
  private static InputStream openToRead(Path file) throws IOException {
    if (OpenPath.isOfKernel(file)) {
      return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }
    try (OpenPath path = OpenPath.ofFile(file)) {
      return Channels.newInputStream(openRegular(path, file, Set.of(StandardOpenOption.READ)));
    }
  }

  @Override
  public String line(Path file, String part) throws IOException {
    return TimeLimit.within(
        MILLIS,
        file,
        () -> {
          try (InputStream in = openToRead(file)) {
            return lineIn(in, part);
          }
        });
  }

  /**
   * Checks the file type first: opening a FIFO blocks, and opening a device can have any effect.
   */
  private static SeekableByteChannel openRegular(
      OpenPath path, Path file, Set<StandardOpenOption> options) throws IOException {
    FileFacts before = path.facts();
    if (!before.isFile()) {
      throw new FileSystemException(file.toString(), null, "is not a file");
    }
    SeekableByteChannel channel = path.open(options);
    try {
      requireSame(path.facts(), before, file);
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException(file + " is not waited for any more");
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void requireSame(FileFacts now, FileFacts before, Path file)
      throws FileSystemException {
    if (!now.isSame(before)) {
      throw new NoSuchFileException(file.toString(), null, "is another file by now");
    }
  }

  @Override
  public String link(Path link) throws IOException {
    return TimeLimit.within(MILLIS, link, () -> Files.readSymbolicLink(link).toString());
  }

  @Override
  public FileFacts facts(Path file) throws IOException {
    return TimeLimit.within(
        MILLIS,
        file,
        () -> {
          try (OpenPath path = OpenPath.ofFile(file)) {
            return path.facts();
          }
        });
  }

  @Override
  public List<FileFacts> list(Path directory, String prefix, int most) throws IOException {
    return TimeLimit.within(
        MILLIS, directory, () -> listed(directory, prefix, most, OpenPath::addFacts));
  }

  @Override
  public List<String> names(Path directory, int most) throws IOException {
    return TimeLimit.within(
        MILLIS, directory, () -> listed(directory, "", most, (path, name, to) -> to.add(name)));
  }

  /** Adds what {@link #list} or {@link #names} returns for an entry. */
  private interface Adding<T> {
    void add(OpenPath path, String name, List<T> to) throws IOException;
  }

  private static <T> List<T> listed(Path directory, String prefix, int most, Adding<T> adding)
      throws IOException {
    List<T> found = new ArrayList<>();
    try (OpenPath path = OpenPath.ofDirectory(directory)) {
      for (Path entry : path) {
        String name = entry.getFileName().toString();
        if (name.startsWith(prefix) && isPlain(name)) {
          adding.add(path, name, found);
        }
        if (found.size() >= most || Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  @Override
  public Channel open(Path file, FileFacts same) throws IOException {
    Set<StandardOpenOption> both = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    return TimeLimit.within(
        MILLIS,
        file,
        () -> {
          try (OpenPath path = OpenPath.ofFile(file)) {
            requireSame(path.facts(), same, file);
            return new DirectChannel(file, (FileChannel) openRegular(path, file, both));
          }
        });
  }

  @Override
  public FileFacts create(Path file, byte[] content) throws IOException {
    return TimeLimit.within(
        WRITE_MILLIS,
        file,
        () -> {
          try (OpenPath path = OpenPath.ofFile(file)) {
            return created(path, content);
          }
        });
  }

  /** Deletes the new file if space runs out or the caller no longer waits. */
  private static FileFacts created(OpenPath path, byte[] content) throws IOException {
    SeekableByteChannel channel = path.create();
    try (channel) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new IOException("is not waited for any more");
      }
      return path.facts();
    } catch (IOException e) {
      path.delete();
      throw e;
    }
  }

  /**
   * Uses the path for the write check. If another directory replaces this directory meanwhile, the
   * result holds for the replacement.
   */
  @Override
  public boolean isWritable(Path directory) throws IOException {
    return TimeLimit.within(
        MILLIS,
        directory,
        () -> {
          try (OpenPath path = OpenPath.ofFile(directory)) {
            return path.facts().isDirectory() && Files.isWritable(directory);
          }
        });
  }

  @Override
  public void delete(Path file, FileFacts same) throws IOException {
    TimeLimit.within(
        MILLIS,
        file,
        () -> {
          try (OpenPath path = OpenPath.ofFile(file)) {
            requireSame(path.facts(), same, file);
            path.delete();
            return null;
          }
        });
  }

  @Override
  public void replaceByEmpty(Path file, FileFacts same) throws IOException {
    Path other = file.resolveSibling(file.getFileName() + "." + KernelRandom.number());
    TimeLimit.within(
        WRITE_MILLIS,
        file,
        () -> {
          try (OpenPath path = OpenPath.ofFile(file);
              OpenPath empty = OpenPath.ofFile(other)) {
            requireSame(path.facts(), same, file);
            created(empty, new byte[0]);
            try {
              empty.renameTo(path);
            } catch (IOException e) {
              empty.delete();
              throw e;
            }
            return null;
          }
        });
  }

  /** Searches in pieces: the whole file may be larger than the heap of this JVM. */
  private static String lineIn(InputStream in, String part) throws IOException {
    byte[] piece = new byte[64 << 10];
    String rest = "";
    int left = MOST_BYTES;
    for (int n = in.read(piece); n > 0; n = in.read(piece)) {
      String text = rest + new String(piece, 0, n, StandardCharsets.ISO_8859_1);
      int at = text.indexOf(part);
      if (at >= 0 && text.indexOf('\n', at) >= 0) {
        return text.substring(text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at));
      }
      rest = text.substring(text.lastIndexOf('\n') + 1);
      left -= n;
      if (left < 0 || rest.length() > TEXT || Thread.currentThread().isInterrupted()) {
        throw new LateException("has more lines than could be looked at", null);
      }
    }
    return rest.contains(part) ? rest : "";
  }
}
