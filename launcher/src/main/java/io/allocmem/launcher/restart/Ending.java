package io.allocmem.launcher.restart;

import io.allocmem.launcher.control.PlanSample;
import io.allocmem.launcher.control.Verdict;
import java.util.List;

/**
 * End of a held plan.
 *
 * @param verdict verdict on the plan, or on its JVM
 * @param ofJvm true if the JVM ended before the plan; false after a release, and after the plan's
 *     own end
 * @param plans last sample of the plan; empty without a sample
 */
public record Ending(Verdict verdict, boolean ofJvm, List<PlanSample> plans) {}
