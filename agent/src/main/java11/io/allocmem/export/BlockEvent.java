package io.allocmem.export;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;

/** Event of a block, from the allocation until the block's pages have their final state. */
@Name("io.allocmem.Block")
@Label("Block")
@Description("Block that a plan allocated and touched")
@Category("allocmem")
@Registered(false)
@StackTrace(false)
final class BlockEvent extends Event {
  @Label("Plan")
  String plan;

  @Label("Area")
  String area;

  @Label("Number")
  long number;

  @DataAmount
  @Label("Size")
  long size;

  @DataAmount
  @Label("Touched")
  long touched;

  @DataAmount
  @Label("Resident")
  long resident;
}
