package io.allocmem.allocator;

import io.allocmem.control.ControlDirectory;
import io.allocmem.control.ControlLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Writes commands into this JVM's own control files, byte by byte as the layout documents. */
final class CommandWriter {
  private final Path file;
  private int sequence;
  private long renewals;

  CommandWriter(String plan) throws IOException {
    file = ControlDirectory.own().resolve(ProcessHandle.current().pid() + "." + plan);
  }

  void send(int command) {
    write(ControlLayout.COMMAND, (long) ++sequence << 32 | command);
  }

  void renew() {
    write(ControlLayout.RENEWALS, ++renewals);
  }

  private void write(int offset, long value) {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(offset);
      out.writeLong(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
