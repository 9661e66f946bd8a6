package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.AttachThread;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.FileFacts;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Attach socket: the file by which a JVM accepts attach requests. JVMs of two pid namespaces with a
 * shared {@code /tmp} can have the same socket path. An attach to one JVM would then reach the
 * other JVM. This class sends nothing.
 */
record AttachSocket(LinuxProcess process) {
  private static final long CONNECT_MILLIS = 700;

  /**
   * Returns normally if the socket does not exist yet, or belongs to the JVM.
   *
   * @throws Failure with cause and remedy, if the agent would reach another JVM
   */
  void requireOwn() {
    Path socket = process.socket();
    if (!exists(process)) {
      return;
    }
    List<LinuxProcess> listening =
        process.namesakes().stream().filter(other -> new AttachThread(other).isThere()).toList();
    for (LinuxProcess other : listening) {
      if (isSameTemporary(other)) {
        throw shared("JVM " + other.pid());
      }
    }
    // the thread exists before the socket file does
    if (!new AttachThread(process).isThere()) {
      throw isDead(socket) ? left(socket) : shared("a JVM that is not seen from here");
    }
  }

  /** Returns true if a file of any type is at the socket path, or if the answer takes too long. */
  static boolean exists(LinuxProcess process) {
    try {
      ForeignFiles.of(process.pid()).facts(process.socket());
      return true;
    } catch (ForeignFiles.LateException unknown) {
      return true;
    } catch (IOException missing) {
      return false;
    }
  }

  /**
   * Connects and sends nothing, like every client of a JVM at first; a dead JVM's socket refuses. A
   * file of another type, or a socket closed to this user, belongs to no JVM of the same user. Such
   * a file counts as dead. The call has a time limit, since the path belongs to the target.
   */
  private static boolean isDead(Path socket) {
    try {
      return !ForeignFiles.here().facts(socket).isSocket()
          || TimeLimit.within(CONNECT_MILLIS, socket, () -> isRefused(socket));
    } catch (IOException full) {
      return false;
    }
  }

  private static boolean isRefused(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false); // a stopped JVM's queue may be full
      channel.connect(UnixDomainSocketAddress.of(socket));
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (BindException anotherUsers) { // the JDK's exception for EACCES
      return true;
    }
  }

  private boolean isSameTemporary(LinuxProcess other) {
    try {
      FileFacts own = ForeignFiles.of(process.pid()).facts(process.temporary());
      return own.isSame(ForeignFiles.of(other.pid()).facts(other.temporary()));
    } catch (IOException ended) {
      return false;
    }
  }

  private Failure shared(String other) {
    return new Failure(
        "JVM %d shares its /tmp with %s, which listens at /tmp/.java_pid%d, too: the agent could go into that JVM; give each JVM a /tmp of its own, or start JVM %d with -javaagent:allocmem-agent.jar=…"
            .formatted(process.pid(), other, process.pidInside(), process.pid()));
  }

  /**
   * Returns the error for a leftover socket file. At start a JVM removes a leftover file of its own
   * user; a JVM cannot remove a later file.
   */
  private Failure left(Path socket) {
    return new Failure(
        "/tmp/%s is in the way of JVM %d: user %s's JVM of that pid was killed and left it; remove it"
            .formatted(socket.getFileName(), process.pid(), owner(socket)));
  }

  private static String owner(Path socket) {
    try {
      return ForeignFiles.here().facts(socket).user();
    } catch (IOException goneMeanwhile) {
      return "?";
    }
  }
}
