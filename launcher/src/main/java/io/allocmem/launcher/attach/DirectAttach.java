package io.allocmem.launcher.attach;

import io.allocmem.control.StartTime;
import io.allocmem.launcher.courier.AttachClient;
import io.allocmem.launcher.process.AgentJar;
import io.allocmem.launcher.process.ForeignFiles;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.TimeLimit;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.agent.ByteBuddyAgent;

/** Attach to a JVM of this process's own user and group. */
record DirectAttach(LinuxProcess target) {
  AttachResult load(String arguments, int seconds, boolean again) throws IOException {
    long start = StartTime.of(Long.toString(target.pid()));
    try (AgentJar jar = createJar(again)) {
      Exception failure =
          attach(jar, jar.arguments(arguments), start, TimeUnit.SECONDS.toMillis(seconds));
      return new AttachResult(jar.answer(), failure);
    }
  }

  private AgentJar createJar(boolean again) {
    try {
      return AgentJar.createFor(target, again);
    } catch (IOException e) {
      throw AttachPreconditions.unwritable(target.pid(), e);
    }
  }

  private Exception attach(AgentJar jar, String arguments, long start, long millis) {
    try {
      if (!LinuxProcess.isSupported()) {
        return attachByJdk(jar, arguments, millis);
      }
      return CourierAttach.failureIn(
          new AttachClient(target, target.temporary(), target.pidInside(), start)
              .load(jar.path() + "=" + arguments, millis));
    } catch (ForeignFiles.LateException e) {
      jar.giveUp();
      return new TimeoutException();
    } catch (IOException e) {
      return e;
    }
  }

  /** Attaches outside Linux: only the JDK's own client knows where a JVM listens. */
  private Exception attachByJdk(AgentJar jar, String arguments, long millis) throws IOException {
    return TimeLimit.within(
        millis,
        "JVM " + target.pid(),
        () -> {
          ByteBuddyAgent.attach(jar.path().toFile(), Long.toString(target.pid()), arguments);
          return null;
        });
  }
}
