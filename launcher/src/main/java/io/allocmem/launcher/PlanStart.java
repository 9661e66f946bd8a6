package io.allocmem.launcher;

import io.allocmem.launcher.attach.AttachPreconditions;
import io.allocmem.launcher.attach.Injection;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.check.HeapRoom;
import io.allocmem.launcher.control.ArmedControl;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignOptions;
import io.allocmem.launcher.process.LinuxProcess;
import io.allocmem.launcher.process.OwnMemory;
import io.allocmem.launcher.process.PerfData;
import io.allocmem.options.StartOptions;
import io.allocmem.plan.HoldPlan;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Start of a plan in a running JVM, and what the command says about the start. */
record PlanStart(long pid, HoldPlan plan, PlanWay way, JvmEnd end, ArmedControl armed)
    implements Closeable {
  PlanStart(long pid, HoldPlan plan, PlanWay way, JvmEnd end) {
    this(pid, plan, way, end, null);
  }

  /**
   * Checks that the plan can start in the JVM, before anything is sent to the JVM.
   *
   * @return way of the plan into the JVM
   * @throws Failure with cause and remedy, if the plan cannot start
   */
  static PlanWay require(long pid, HoldPlan plan) {
    ArmedControl armed = AttachPreconditions.require(pid);
    close(armed);
    HeapRoom.require(pid, plan);
    return way(armed);
  }

  /**
   * Does the checks of {@link #require}, for a start at once: reads the performance data of the JVM
   * in a thread of its own, beside the search for an armed agent, and keeps the agent's file open
   * for the request. Both take 8 to 10 ms.
   *
   * @throws Failure with cause and remedy, if the plan cannot start
   */
  static PlanStart check(long pid, HoldPlan plan) {
    FutureTask<JvmEnd> beside = new FutureTask<>(() -> evidence(pid, plan));
    Thread thread = new Thread(beside, "performance data");
    thread.setDaemon(true);
    thread.start();
    ArmedControl armed = AttachPreconditions.require(pid);
    try {
      return new PlanStart(pid, plan, way(armed), result(beside), armed);
    } catch (Failure refused) {
      close(armed);
      throw refused;
    }
  }

  private static JvmEnd evidence(long pid, HoldPlan plan) {
    Optional<PerfData> data = PerfData.of(pid);
    StartOptions options = ForeignOptions.atStart(data, new LinuxProcess(pid));
    HeapRoom.require(pid, plan, data, options);
    return JvmEnd.of(pid, options);
  }

  private static JvmEnd result(FutureTask<JvmEnd> beside) {
    try {
      return beside.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failure refused ? refused : new Failure("" + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  private static PlanWay way(ArmedControl armed) {
    return armed == null ? PlanWay.ATTACH : PlanWay.ARMED;
  }

  private static void close(ArmedControl armed) {
    try {
      if (armed != null) {
        armed.close();
      }
    } catch (IOException ofACourier) {
      return; // which has ended
    }
  }

  @Override
  public void close() {
    close(armed);
  }

  /** Starts the plan, and prints the agent's answer. */
  void start(PrintWriter out) {
    String accepted = accepted();
    out.printf("plan %s in JVM %d: %s%n", plan.name(), pid, accepted);
    ArmedState state = way == PlanWay.ARMED ? ArmedState.orNull(pid) : null;
    if (state != null && state.caveat() != null) {
      out.println(state.caveat());
    }
    OwnMemory.sentence(pid).ifPresent(out::println);
  }

  /** Prints the command for a plan that waits for a resume. */
  void sayResume(PrintWriter out) {
    if (plan.breaksFirst()) {
      out.printf("waiting; begin with: allocmem resume %d%n", pid);
    }
  }

  /** Prints the command for a plan that needs renewals. */
  void sayRenew(PrintWriter out) {
    if (!plan.lease().isZero()) {
      out.printf("renew its lease with: allocmem renew %d%n", pid);
    }
  }

  /** Starts the plan, and returns the agent's answer; names the cause if the JVM ends meanwhile. */
  String accepted() {
    try {
      return Injection.start(pid, plan, way, armed);
    } catch (Failure refused) {
      if (refused.exitCode() == ExitCode.ENDED) {
        end.verdict().require();
      }
      throw refused;
    }
  }
}
