package io.allocmem.launcher.attach;

import io.allocmem.launcher.process.LinuxProcess;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.agent.ByteBuddyAgent;

/** The way into a JVM of this process's own user and group: by the JDK's own client. */
record DirectAttach(LinuxProcess target) {
  Attempt load(String arguments, int seconds) throws IOException {
    try (AgentJar jar = AgentJar.layFor(target)) {
      String all = "jar=" + jar.path() + "," + arguments;
      Injection.requireShort(jar.path() + "=" + all);
      Exception failure = attach(jar, all, seconds);
      return new Attempt(jar.answer(), failure);
    }
  }

  private Exception attach(AgentJar jar, String arguments, int seconds) {
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
    } catch (ExecutionException | TimeoutException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }
}
