package io.allocmem.status;

/**
 * A plan in JMX, as {@code io.allocmem:type=Plan,name=NAME}: for jconsole and its like, with open
 * types alone, so that a client needs no class of ours. Bytes, unless said otherwise; -1 where not
 * measured. Called by the JVM's JMX threads.
 */
public interface PlanMXBean {
  /** The plan's name. */
  String getName();

  /** Where it takes memory: {@code heap}. */
  String getArea();

  /** Bytes of a block. */
  long getBlockSize();

  /** The most that it will hold; 0 for all there is, -1 where it goes by usage. */
  long getLimit();

  /** The usage that it goes by: {@code 85%}; empty where it has a limit. */
  String getUntil();

  /** What it does at the limit: {@code hold}. */
  String getThen();

  /** The share of a block that is touched, 0 to 1. */
  double getFill();

  /** From one block to the next. */
  long getDelayMillis();

  /** This process, as it is numbered here. */
  long getPid();

  /** This JVM's version. */
  String getJdk();

  /** This JVM's main class or jar; empty when it does not say. */
  String getMainClass();

  /** The plan, as agent arguments. */
  String getArguments();

  /** The agent's version. */
  String getAgentVersion();

  /** Where it stands: {@code HOLDING}. */
  String getPhase();

  /** Blocks that it holds. */
  long getBlocks();

  /** Bytes in these blocks. */
  long getCommitted();

  /** Bytes of them that were written. */
  long getTouched();

  /** Bytes of them in RAM, counted by the kernel. */
  long getResident();

  /** Bytes that the heap lost to them beyond their size. */
  long getRegionWaste();

  /** Bytes of held blocks that went back to the kernel so far, since they were over the ratio. */
  long getGivenBack();

  /** The process's RSS before the first block. */
  long getRssBefore();

  /** The process's RSS. */
  long getRss();

  /** Heap used, garbage included. */
  long getHeapUsed();

  /** The most that the heap can become. */
  long getHeapMax();

  /** Heap used after the last collection, and what the plan has taken since. */
  long getHeapLive();

  /** What is used of the container. */
  long getContainerUsed();

  /** The most that the container may use. */
  long getContainerCapacity();

  /** Collections since the JVM started. */
  long getCollections();

  /** For how long they stopped the application. */
  long getPauseMillis();

  /** When the next block is due, or what follows a hold, ms since 1970. */
  long getDueMillis();

  /** When the plan wrote this, ms since 1970. */
  long getHeartbeatMillis();

  /** The last thing worth saying; empty for nothing. */
  String getMessage();

  /** Take nothing more; keep what is held. Returns when the plan has done so. */
  void pause();

  /** Go on after a break, a pause or an exhaustion. Returns when the plan has done so. */
  void resume();

  /** Give everything back and end. Returns when that is done; the bean goes with the plan. */
  void release();
}
