package io.allocmem.launcher.attach;

import io.allocmem.arguments.AgentArguments;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.plan.HoldPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.agent.ByteBuddyAgent;

/** Brings the agent into a JVM by pid, with one plan, and fetches its answer. */
public final class Injection {
  /** A JVM that is not busy takes a quarter of a second; a stopped one never answers. */
  private static final int TIMEOUT_SECONDS = 5;

  /** HotSpot takes one argument of at most so many bytes: jar path, {@code =} and arguments. */
  private static final int LONGEST_ARGUMENT = 1023;

  private Injection() {}

  /**
   * Starts the plan in that JVM. Check first with {@link Diagnosis#require}.
   *
   * @return what the agent will do, in its own words
   * @throws Failure when the JVM cannot be attached to, or with the agent's own refusal
   */
  @SuppressWarnings("try") // the turn is kept, not used
  public static String start(long pid, HoldPlan plan) {
    // twice as long as the one before may take
    try (AttachTurn turn = AttachTurn.of(pid, 2 * TIMEOUT_SECONDS);
        AgentJar jar = AgentJar.layFor(new LinuxProcess(pid))) {
      String arguments = "jar=" + jar.path() + "," + AgentArguments.print(plan);
      requireShort(jar.path() + "=" + arguments);
      Aftermath aftermath = new Aftermath(pid, plan);
      boolean heldBefore = aftermath.isHeld();
      Exception failure = attach(pid, jar, arguments);
      String answer = jar.answer();
      if (answer.startsWith("accepted: ")) {
        aftermath.requireHeld();
        return answer.substring("accepted: ".length());
      }
      if (answer.startsWith("refused: ")) {
        throw Diagnosis.refused(pid, answer.substring("refused: ".length()));
      }
      if (failure instanceof TimeoutException && !heldBefore) {
        jar.close(); // what has not come for it by now does not start
        aftermath.takeBack();
      }
      throw aftermath.unanswered(failure, TIMEOUT_SECONDS);
    } catch (IOException e) {
      throw new Failure("cannot use the files of the attach: " + e.getMessage(), e);
    }
  }

  private static void requireShort(String argument) {
    if (argument.getBytes(StandardCharsets.UTF_8).length > LONGEST_ARGUMENT) {
      throw Diagnosis.tooLong(LONGEST_ARGUMENT);
    }
  }

  /** The answer file says whether it worked; an exception here may come with a success, too. */
  private static Exception attach(long pid, AgentJar jar, String arguments) {
    FutureTask<Void> attempt =
        new FutureTask<>(
            () -> {
              ByteBuddyAgent.attach(jar.path().toFile(), Long.toString(pid), arguments);
              return null;
            });
    Thread thread = new Thread(attempt, "attach");
    thread.setDaemon(true);
    thread.start();
    try {
      attempt.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException | TimeoutException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }
}
