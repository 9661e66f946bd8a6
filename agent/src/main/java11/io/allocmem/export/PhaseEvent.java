package io.allocmem.export;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/** Event of a plan's change to another phase. */
@Name("io.allocmem.Phase")
@Label("Phase")
@Description("New phase of a plan, with the memory held at that time")
@Category("allocmem")
@Registered(false)
@StackTrace(false)
final class PhaseEvent extends Event {
  @Label("Plan")
  String plan;

  @Label("Area")
  String area;

  @Label("Phase")
  String phase;

  @Label("Blocks")
  long blocks;

  @DataAmount
  @Label("Committed")
  long committed;

  @DataAmount
  @Label("Touched")
  long touched;

  @DataAmount
  @Label("Resident")
  long resident;

  @Label("Reason")
  @Description(
      "Reason of the plan itself for its release: a time that is over, or a stop condition")
  String reason;
}
