package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a process that the kernel closes to root but opens to the process's own user. The kernel
 * does so if root has no CAP_SYS_PTRACE here. After an access error, a {@link Courier} of that user
 * does the work. The courier's answers come from that user and are checked.
 */
record LentFiles(long pid) implements ForeignFiles {
  private static final ForeignFiles DIRECT = DirectFiles.INSTANCE;

  /** Time limit; the courier's own calls have shorter time limits. */
  private static final long MILLIS = 2000;

  @Override
  public byte[] read(Path file, int most) throws IOException {
    try {
      return DIRECT.read(file, most);
    } catch (AccessDeniedException refused) {
      return ask(refused, "read", file, most).bytes(0);
    }
  }

  @Override
  public String line(Path file, String part) throws IOException {
    try {
      return DIRECT.line(file, part);
    } catch (AccessDeniedException refused) {
      return ask(refused, "line", file, part).text(0);
    }
  }

  @Override
  public String link(Path link) throws IOException {
    try {
      return DIRECT.link(link);
    } catch (AccessDeniedException refused) {
      return ask(refused, "link", link).text(0);
    }
  }

  @Override
  public FileFacts facts(Path file) throws IOException {
    try {
      return DIRECT.facts(file);
    } catch (AccessDeniedException refused) {
      return parse(ask(refused, "facts", file).text(0));
    }
  }

  @Override
  public List<FileFacts> list(Path directory, String prefix, int most) throws IOException {
    try {
      return DIRECT.list(directory, prefix, most);
    } catch (AccessDeniedException refused) {
      Message answer = ask(refused, "list", directory, prefix, most);
      List<FileFacts> found = new ArrayList<>();
      for (int i = 0; i < Math.min(most, answer.size()); i++) {
        FileFacts facts = parse(answer.text(i));
        if (facts.name().startsWith(prefix) && DirectFiles.isPlain(facts.name())) {
          found.add(facts);
        }
      }
      return found;
    }
  }

  @Override
  public List<String> names(Path directory, int most) throws IOException {
    try {
      return DIRECT.names(directory, most);
    } catch (AccessDeniedException refused) {
      return list(directory, "", most).stream().map(FileFacts::name).toList();
    }
  }

  @Override
  public Channel open(Path file, FileFacts same) throws IOException {
    try {
      return DIRECT.open(file, same);
    } catch (AccessDeniedException refused) {
      Courier courier = Couriers.of(pid, refused);
      long number = number(ask(courier, file, "open", file, same.print()).text(0));
      return new LentChannel(courier, file, number);
    }
  }

  /** Never uses a courier: an attach request creates files for a JVM. */
  @Override
  public FileFacts create(Path file, byte[] content) throws IOException {
    return DIRECT.create(file, content);
  }

  /** Never uses a courier: the later write shows whether that user has the right. */
  @Override
  public boolean isWritable(Path directory) throws IOException {
    return DIRECT.isWritable(directory);
  }

  @Override
  public void delete(Path file, FileFacts same) throws IOException {
    try {
      DIRECT.delete(file, same);
    } catch (AccessDeniedException refused) {
      ask(refused, "delete", file, same.print());
    }
  }

  /** Never uses a courier: as {@link #create}. */
  @Override
  public void replaceByEmpty(Path file, FileFacts same) throws IOException {
    DIRECT.replaceByEmpty(file, same);
  }

  private Message ask(AccessDeniedException refused, String kind, Path file, Object... more)
      throws IOException {
    List<Object> parts = new ArrayList<>(List.of(file));
    parts.addAll(List.of(more));
    return ask(Couriers.of(pid, refused), file, kind, parts.toArray());
  }

  private static Message ask(Courier courier, Path file, String kind, Object... parts)
      throws IOException {
    Message answer = courier.ask(Message.of(kind, parts), MILLIS);
    return switch (answer.kind()) {
      case FileServer.DONE -> answer;
      case FileServer.DENIED -> throw new AccessDeniedException(file.toString());
      case FileServer.MISSING -> throw new NoSuchFileException(file.toString());
      case FileServer.LATE -> throw new LateException(file + " does not answer", null);
      case FileServer.LOCKED -> throw new LockedException(file + " is locked by another process");
      default -> throw new FileSystemException(file.toString(), null, "cannot be used");
    };
  }

  private static FileFacts parse(String text) throws IOException {
    try {
      return FileFacts.parse(text);
    } catch (RuntimeException none) {
      throw new IOException("no facts of a file", none);
    }
  }

  private static long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException none) {
      throw new IOException("no number", none);
    }
  }

  /** A file opened by a courier. */
  private record LentChannel(Courier courier, Path file, long number) implements Channel {
    @Override
    public byte[] read(long at, int count) throws IOException {
      byte[] bytes = ask(courier, file, "channel-read", number, at, count).bytes(0);
      return java.util.Arrays.copyOf(bytes, Math.min(count, bytes.length));
    }

    @Override
    public boolean isLocked(long at) throws IOException {
      return ask(courier, file, "channel-locked", number, at).text(0).equals("true");
    }

    @Override
    public boolean replace(Patch expected, Patch... by) throws IOException {
      List<Object> parts = new ArrayList<>(List.of(number, expected.at(), expected.bytes()));
      for (Patch patch : by) {
        parts.addAll(List.of(patch.at(), patch.bytes()));
      }
      return ask(courier, file, "channel-replace", parts.toArray()).text(0).equals("true");
    }

    @Override
    public void close() throws IOException {
      ask(courier, file, "channel-close", number);
    }
  }
}
