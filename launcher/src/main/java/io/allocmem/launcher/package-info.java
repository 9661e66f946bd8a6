/**
 * The launcher: beside the target, injects the agent by pid, asks it and commands it.
 *
 * <p>One way down: {@link io.allocmem.launcher.Launcher} parses and calls one {@code …Command}.
 * From there
 *
 * <ul>
 *   <li>to a process: {@code LinuxProcess}, {@code JavaProcess} and {@code PerfData} see it from
 *       outside, {@code Diagnosis} says why it cannot be attached to, {@code Injection} lays an
 *       {@code AgentJar} and attaches, {@code AsOwner} does so as another user
 *   <li>to a plan: {@code ControlPlace} finds its control file, {@code PlanControl} reads and
 *       commands, {@code StatusReport} says how all plans of a JVM stand
 *   <li>to a foretelling: {@code CheckReport} of {@code HeapFacts}, {@code JvmOptions} and {@code
 *       Surroundings}, and a {@code Verdict}
 *   <li>to a picture over time: {@code Samples} are followed ({@code Following}) and shown by a
 *       {@code Face}: a {@code Screen} draws a {@code View}, or {@code Lines}; a {@code Recorder}
 *       keeps them
 *   <li>to a report: a {@code Recording} of {@code Sample}s as {@code HtmlReport}, {@code
 *       ChartImage} or {@code CsvReport}
 * </ul>
 */
package io.allocmem.launcher;
