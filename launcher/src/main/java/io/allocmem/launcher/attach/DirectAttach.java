package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.agent.ByteBuddyAgent;

/** The way into a JVM of this process's own user and group: by the JDK's own client. */
record DirectAttach(LinuxProcess target) {
  /** How long the JDK's client waits for a JVM to listen: it removes its file in the end then. */
  private static final String PATIENCE = "sun.tools.attach.attachTimeout";

  /** The words of that client when the time is up. */
  private static final String NEVER = "respond within";

  Attempt load(String arguments, int seconds) throws IOException {
    try (AgentJar jar = AgentJar.layFor(target)) {
      String all = "jar=" + jar.path() + "," + arguments;
      Injection.requireShort(jar.path() + "=" + all);
      Exception failure = attach(jar, all, seconds);
      return new Attempt(jar.answer(), failure);
    }
  }

  private Exception attach(AgentJar jar, String arguments, int seconds) {
    // it looks in steps that grow, the last of which ends before we give up
    System.setProperty(PATIENCE, Long.toString(TimeUnit.SECONDS.toMillis(seconds - 1)));
    FutureTask<Void> attempt =
        new FutureTask<>(
            () -> {
              ByteBuddyAgent.attach(jar.path().toFile(), Long.toString(target.pid()), arguments);
              return null;
            });
    Thread thread = new Thread(attempt, "attach");
    thread.setDaemon(true);
    thread.start();
    try {
      attempt.get(seconds, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      boolean late = String.valueOf(Aftermath.rootOf(e).getMessage()).contains(NEVER);
      return late ? new TimeoutException() : e;
    } catch (TimeoutException e) {
      removeTrigger(Path.of("/proc/" + target.pid() + "/cwd")); // on a busy machine it is late
      removeTrigger(target.temporary());
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }

  /** The file by which that client makes a JVM listen: its name in the directory that is open. */
  private void removeTrigger(Path directory) {
    Path name = Path.of(".attach_pid" + target.pidInside());
    try (DirectoryStream<Path> open = Files.newDirectoryStream(directory)) {
      if (open instanceof SecureDirectoryStream<Path> secure) {
        PosixFileAttributes found =
            secure
                .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        boolean own = found.owner().equals(Files.getOwner(Path.of("/proc/self")));
        if (own && found.isRegularFile() && found.size() == 0) {
          secure.deleteFile(name);
        }
      }
    } catch (IOException notThere) {
      return;
    }
  }
}
