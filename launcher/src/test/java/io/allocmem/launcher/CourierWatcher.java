package io.allocmem.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Looks at all processes of the target's user that were not there before. */
final class CourierWatcher implements Runnable {
  private static final String NONE = "0000000000000000";

  final AtomicBoolean done = new AtomicBoolean();
  final Set<String> found = new TreeSet<>();
  int seen;

  private final String uid;
  private final Set<Path> before;
  private final Set<Path> looked = new TreeSet<>();

  CourierWatcher(long target) throws IOException {
    uid = field(Files.readString(Path.of("/proc/" + target + "/status")), "Uid").split("\t")[1];
    before = processes();
  }

  @Override
  public void run() {
    while (!done.get()) {
      for (Path process : processes()) {
        if (!before.contains(process)) {
          look(process);
        }
      }
    }
  }

  private static Set<Path> processes() {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return new TreeSet<>(
          entries.filter(p -> p.getFileName().toString().matches("\\d+")).toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void look(Path process) {
    try {
      String status = read(process, "status");
      if (!List.of(field(status, "Uid").split("\t")).contains(uid)) {
        return;
      }
      if (looked.add(process)) {
        seen++;
      }
      for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
        expect(field(status, set).equals(NONE), process, set + " " + field(status, set));
      }
      String stat = read(process, "stat");
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      expect(fields[4].equals("0"), process, "a terminal");
      expect(read(process, "environ").isEmpty(), process, "an environment");
      expectOwnSession(process, Long.parseLong(fields[3]));
      expect(!hasThread(process, "Attach Listener"), process, "an attach listener");
      lookAtFiles(process);
    } catch (IOException ended) {
      return;
    }
  }

  /** Its session began with it, or with the one that it came from. */
  private void expectOwnSession(Path process, long session) throws IOException {
    String leader = read(Path.of("/proc/" + session), "status");
    expect(List.of(field(leader, "Uid").split("\t")).contains(uid), process, "root's session");
  }

  private static boolean hasThread(Path process, String name) throws IOException {
    try (Stream<Path> threads = Files.list(process.resolve("task"))) {
      for (Path thread : threads.toList()) {
        if (read(thread, "comm").strip().equals(name)) {
          return true;
        }
      }
      return false;
    }
  }

  private void lookAtFiles(Path process) throws IOException {
    List<Path> descriptors;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      descriptors = open.toList();
    }
    for (Path descriptor : descriptors) {
      String file = Files.readSymbolicLink(descriptor).toString();
      boolean standard = Integer.parseInt(descriptor.getFileName().toString()) < 3;
      boolean pipe = file.startsWith("pipe:");
      expect(standard ? pipe : isOpenToThatUser(descriptor), process, "open: " + file);
    }
    try (Stream<Path> data = Files.list(Path.of("/tmp"))) {
      String name = process.getFileName().toString();
      List<Path> own = data.filter(p -> p.toString().contains("hsperfdata_")).toList();
      expect(own.stream().noneMatch(p -> Files.exists(p.resolve(name))), process, "perf data");
    }
  }

  /** A JVM opens many files when it starts; what that user may open anyway is nothing of root's. */
  private boolean isOpenToThatUser(Path descriptor) throws IOException {
    Map<String, Object> file = Files.readAttributes(descriptor, "unix:mode,uid");
    boolean readableByAll = ((Integer) file.get("mode") & 0004) != 0;
    return readableByAll || Integer.toUnsignedString((Integer) file.get("uid")).equals(uid);
  }

  private void expect(boolean met, Path process, String what) throws IOException {
    if (!met) {
      found.add(what + " in a process " + read(process, "comm").strip());
    }
  }

  private static String read(Path process, String file) throws IOException {
    return new String(Files.readAllBytes(process.resolve(file)), StandardCharsets.ISO_8859_1);
  }

  private static String field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
