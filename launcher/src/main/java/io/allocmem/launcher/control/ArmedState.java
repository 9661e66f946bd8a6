package io.allocmem.launcher.control;

import io.allocmem.control.ArmedLayout;
import io.allocmem.control.ArmedStatus;
import io.allocmem.control.Printable;
import io.allocmem.control.Reading;
import io.allocmem.launcher.process.Failure;
import io.allocmem.launcher.process.ForeignFiles;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An armed agent of a JVM, for people and scripts.
 *
 * @param until end of the arming, in milliseconds since 1970; null for none
 * @param by who armed the JVM; null if not known
 */
public record ArmedState(int protocol, String agentVersion, Long until, String by) {
  private static final String BY = "by=";
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  /**
   * Returns the armed agent of a process; null for none.
   *
   * @throws Failure if this user may not read the files of the process
   */
  public static ArmedState of(long pid) {
    try (ArmedControl armed = ArmedControl.find(pid)) {
      ArmedStatus status = armed == null ? null : armed.status();
      return status == null ? null : of(status);
    } catch (ForeignFiles.LateException late) {
      throw PlanControl.unanswered(pid, late);
    } catch (IOException endedMeanwhile) {
      return null;
    }
  }

  /** Returns the armed agent of a process; null for none, or if the files are unreadable. */
  public static ArmedState orNull(long pid) {
    try {
      return of(pid);
    } catch (Failure unreadable) {
      return null;
    }
  }

  static ArmedState of(ArmedStatus status) {
    Long until = status.endsMillis == Reading.UNKNOWN ? null : status.endsMillis;
    return new ArmedState(status.protocol, status.agentVersion, until, by(status.arguments));
  }

  /** Returns the requester in the arguments of an arming, whatever their version is. */
  private static String by(String arguments) {
    for (String part : arguments.split(",")) {
      if (part.startsWith(BY)) {
        return part.substring(BY.length());
      }
    }
    return null;
  }

  /** Returns the time that is left and who armed the JVM: {@code 7h59m left, by ci}. */
  public String toHuman() {
    String left = until == null ? "yes" : left(until - System.currentTimeMillis());
    return by == null ? left : left + ", by " + Printable.name(by);
  }

  private static String left(long millis) {
    if (millis < MINUTE) {
      return Math.max(0, millis / 1000) + "s left";
    }
    String hours = millis < HOUR ? "" : millis / HOUR + "h";
    return hours + millis % HOUR / MINUTE + "m left";
  }

  /** Returns the fields for scripts. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("until", until);
    fields.put("by", by);
    fields.put("agentVersion", agentVersion);
    return fields;
  }

  /**
   * Returns a sentence about an armed agent of another version; null for the version of this
   * launcher. The protocol number decides what the agent understands.
   */
  public String caveat() {
    String ours = Versions.ours();
    if (protocol == ArmedLayout.PROTOCOL && (ours == null || ours.equals(agentVersion))) {
      return null;
    }
    String relation =
        protocol == ArmedLayout.PROTOCOL
            ? "both speak armed protocol " + protocol
            : "armed protocol %d there, %d here".formatted(protocol, ArmedLayout.PROTOCOL);
    return "the armed agent is version %s, this launcher %s (%s): that agent decides which options a plan has"
        .formatted(agentVersion, ours, relation);
  }
}
