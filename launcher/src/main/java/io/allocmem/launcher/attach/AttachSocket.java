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
 * The file by which a JVM takes attaches, and whose it is: JVMs of two pid namespaces that share a
 * {@code /tmp} can have one name for it, and whoever attaches to one gets into the other. Sends
 * nothing.
 */
record AttachSocket(LinuxProcess process) {
  private static final long CONNECT_MILLIS = 700;

  /**
   * Returns when it is not there yet, or the JVM's own.
   *
   * @throws Failure with cause and remedy when another JVM's agent would be loaded
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
    // the thread is there before its file is
    if (!new AttachThread(process).isThere()) {
      throw isDead(socket) ? left(socket) : shared("a JVM that is not seen from here");
    }
  }

  /** Whether the file is there, whatever it is; also when that is not answered in time. */
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
   * Connects and says nothing, as every client of a JVM does first; a dead one's is refused. What
   * is no socket, or may not be connected to by this user, is no JVM's of the same user: it counts
   * as dead. In little time, since the path to it is the target's.
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
    } catch (BindException anotherUsers) { // what the JDK makes of EACCES
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
        "JVM %d shares its /tmp with %s, which listens at /tmp/.java_pid%d, too: the agent could go into that one; give each a /tmp of its own, or start JVM %d with -javaagent:allocmem-agent.jar=…"
            .formatted(process.pid(), other, process.pidInside(), process.pid()));
  }

  /** A JVM removes what one of its own user left, when it starts; what came later it cannot. */
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
