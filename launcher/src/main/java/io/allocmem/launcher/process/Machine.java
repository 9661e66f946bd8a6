package io.allocmem.launcher.process;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Instruction set of a program or library, by the header of the file (elf(5)). The instruction set
 * can differ from the launcher's: a 64-bit kernel runs 32-bit programs, and an emulator of other
 * machines (qemu-user) is a program of this machine with a libjvm.so of the other machine.
 */
public enum Machine {
  /** Linux has no call accept on this machine: socketcall(2) with SYS_ACCEPT. */
  I386(3, "i386", "102 0x5 "),
  AMD64(62, "amd64", "43 "),
  AARCH64(183, "aarch64", "202 ");

  private static final int HEADER_BYTES = 20;
  private static final int MAGIC = 0x7f454c46;

  /** Offset of the byte order, EI_DATA: 1 for the least significant byte first. */
  private static final int ORDER = 5;

  /** Offset of e_machine, two bytes. */
  private static final int NUMBER = 18;

  /** Leading parts of a path that lie outside the root directory of a process, at most. */
  static final int MOST_PARTS = 64;

  private final int number;
  private final String name;
  private final String accept;

  Machine(int number, String name, String accept) {
    this.number = number;
    this.name = name;
    this.accept = accept;
  }

  /** Returns the machine whose system calls the process makes; null for another machine. */
  static Machine ofCalls(LinuxProcess process) {
    Machine machine = of(process, program(process));
    return machine == null ? named(System.getProperty("os.arch")) : machine;
  }

  /** Returns the path of the program in the process's root directory; empty if unreadable. */
  private static Path program(LinuxProcess process) {
    try {
      return Path.of(ForeignFiles.of(process.pid()).link(process.directory().resolve("exe")));
    } catch (IOException | InvalidPathException unreadable) {
      return Path.of("");
    }
  }

  private static Machine named(String name) {
    return Stream.of(values())
        .filter(machine -> machine.name.equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Returns the property {@code os.arch} of a JVM; the launcher's own if unknown. */
  public static String ofJvm(LinuxProcess process) {
    return process
        .libjvm()
        .map(library -> of(process, library))
        .map(machine -> machine.name)
        .orElseGet(() -> System.getProperty("os.arch"));
  }

  /** Looks in the root directory of the process, also without the leading parts of the path. */
  private static Machine of(LinuxProcess process, Path file) {
    ForeignFiles files = ForeignFiles.of(process.pid());
    for (int from = 0; from < Math.min(file.getNameCount(), MOST_PARTS); from++) {
      Path inside = process.root().resolve(file.subpath(from, file.getNameCount()));
      try {
        return in(files.read(inside, HEADER_BYTES));
      } catch (ForeignFiles.LateException late) {
        return null;
      } catch (IOException | InvalidPathException notThere) {
        continue;
      }
    }
    return null;
  }

  /** Returns the machine in the header of a file; null for no header or another machine. */
  static Machine in(byte[] header) {
    if (header.length < HEADER_BYTES || word(header) != MAGIC) {
      return null;
    }
    int low = header[ORDER] == 1 ? 0 : 1;
    int number = header[NUMBER + low] & 0xff | (header[NUMBER + 1 - low] & 0xff) << 8;
    return Stream.of(values()).filter(machine -> machine.number == number).findFirst().orElse(null);
  }

  private static int word(byte[] header) {
    return header[0] << 24 | header[1] << 16 | header[2] << 8 | header[3];
  }

  /** Returns the beginning of /proc/PID/task/TID/syscall while accept(2) waits. */
  String accept() {
    return accept;
  }
}
