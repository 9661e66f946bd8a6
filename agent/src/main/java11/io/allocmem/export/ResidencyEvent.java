package io.allocmem.export;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/** Event with the resident bytes of a plan, once per period. */
@Name("io.allocmem.Residency")
@Label("Residency")
@Description(
    "Memory that a plan holds, its part in RAM, and the bytes returned to the kernel so far")
@Category("allocmem")
@Registered(false)
@StackTrace(false)
@Period("1 s")
final class ResidencyEvent extends Event {
  @Label("Plan")
  String plan;

  @Label("Area")
  String area;

  @DataAmount
  @Label("Committed")
  long committed;

  @DataAmount
  @Label("Touched")
  long touched;

  @DataAmount
  @Label("Resident")
  long resident;

  @DataAmount
  @Label("Given Back")
  long givenBack;

  @DataAmount
  @Label("Process RSS")
  long rss;
}
