package io.allocmem.launcher;

import io.allocmem.launcher.attach.AttachPreconditions;
import io.allocmem.launcher.attach.Injection;
import io.allocmem.launcher.attach.PlanWay;
import io.allocmem.launcher.check.HeapRoom;
import io.allocmem.launcher.control.ArmedState;
import io.allocmem.launcher.control.JvmEnd;
import io.allocmem.launcher.process.ExitCode;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.OwnMemory;
import io.allocmem.plan.HoldPlan;
import java.io.PrintWriter;

/** Start of a plan in a running JVM, and what the command says about the start. */
record PlanStart(long pid, HoldPlan plan, PlanWay way, JvmEnd end) {
  /**
   * Checks that the plan can start in the JVM, before anything is sent to the JVM.
   *
   * @return way of the plan into the JVM
   * @throws Failure with cause and remedy, if the plan cannot start
   */
  static PlanWay require(long pid, HoldPlan plan) {
    PlanWay way = AttachPreconditions.require(pid);
    HeapRoom.require(pid, plan);
    return way;
  }

  /** Starts the plan, and prints the agent's answer. */
  void start(PrintWriter out) {
    String accepted = accepted();
    out.printf("plan %s in JVM %d: %s%n", plan.name(), pid, accepted);
    ArmedState armed = way == PlanWay.ARMED ? ArmedState.orNull(pid) : null;
    if (armed != null && armed.caveat() != null) {
      out.println(armed.caveat());
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
      return Injection.start(pid, plan, way);
    } catch (Failure refused) {
      if (refused.exitCode() == ExitCode.ENDED) {
        end.verdict().require();
      }
      throw refused;
    }
  }
}
