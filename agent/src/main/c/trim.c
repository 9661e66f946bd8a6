/*
 * Counts and drops the pages of many small arrays in one call.
 */
#include "pages.h"

struct range {
  char *start;
  unsigned long bytes;
};

/* What trim does at once: arrays that are pinned together, and pages that are counted together. */
enum { MOST_ARRAYS = 64, MOST_PAGES = 512 };

/* Arrays of one size, by address, and the part of each that is to stay. Offsets from the start. */
struct group {
  char *start[MOST_ARRAYS];
  jint count;
  jint page;
  jlong header;
  jlong committed;
  jlong length;
  jlong kept;
};

struct totals {
  jlong resident;
  jlong dropped;
  jlong missing;
};

static void sort(char **start, jint count) {
  for (jint i = 1; i < count; i++) {
    char *one = start[i];
    jint at = i;
    for (; at > 0 && start[at - 1] > one; at--) {
      start[at] = start[at - 1];
    }
    start[at] = one;
  }
}

/* Bytes in pages of the window that begin in from <= x < to, and are in RAM. */
static long counted(const unsigned char *in_ram, char *window, char *from, char *to, jint page) {
  long pages = 0;
  for (char *at = page_from(from, page); at < to; at += page) {
    pages += in_ram[(at - window) / page] & 1;
  }
  return pages * page;
}

/*
 * Drops ranges one by one. process_madvise(2) drops all in one call, but a JVM does not need it
 * otherwise: where a filter of system calls (seccomp) does not know it, the kernel can end the
 * process.
 */
static long drop_all(const struct range *ranges, jint count, jint advice) {
  long error = 0;
  for (jint i = 0; i < count && !error; i++) {
    error = system_call(SYS_MADVISE, ranges[i].start, ranges[i].bytes, advice);
  }
  return error;
}

static long counted_of(const struct group *group, jint i, const unsigned char *in_ram,
                       char *window) {
  char *object = group->start[i] - group->header;
  return counted(in_ram, window, object, object + group->committed, group->page);
}

/*
 * Counts, drops and counts again the pages of arrays first <= i < end, which lie in one window. The
 * second count is left out where nothing was dropped.
 */
static long trim_window(const struct group *group, jint first, jint end, jint advice,
                        struct totals *totals) {
  unsigned char in_ram[MOST_PAGES + 2];
  struct range ranges[MOST_ARRAYS];
  jint page = group->page;
  char *window = page_of(group->start[first] - group->header, page);
  char *last = group->start[end - 1] - group->header + group->committed;
  unsigned long bytes = page_from(last, page) - window;
  long error = system_call(SYS_MINCORE, window, bytes, (long) in_ram);
  if (error) {
    return error;
  }
  jlong before = 0;
  jint dropped = 0;
  for (jint i = first; i < end; i++) {
    char *from = page_from(group->start[i] + group->kept, page);
    char *to = page_of(group->start[i] + group->length, page);
    before += counted_of(group, i, in_ram, window);
    if (from < to && counted(in_ram, window, from, to, page)) {
      ranges[dropped].start = from;
      ranges[dropped].bytes = to - from;
      dropped++;
    }
  }
  if (dropped) {
    error = drop_all(ranges, dropped, advice);
    error = error ? error : system_call(SYS_MINCORE, window, bytes, (long) in_ram);
    if (error) {
      return error;
    }
  }
  jlong after = 0;
  for (jint i = first; i < end; i++) {
    jlong resident = counted_of(group, i, in_ram, window);
    after += resident;
    totals->missing += resident < group->kept - page;
  }
  totals->resident += after;
  totals->dropped += before - after;
  return 0;
}

/* The number of arrays from the first on, sorted by address, that lie in one window. */
static jint together(const struct group *group, jint first) {
  char *window = page_of(group->start[first] - group->header, group->page);
  jint end = first + 1;
  while (end < group->count
         && group->start[end] - group->header + group->committed - window
                <= MOST_PAGES * (long) group->page) {
    end++;
  }
  return end - first;
}

static long trim_all(const struct group *group, jint advice, struct totals *totals) {
  long error = 0;
  for (jint i = 0; i < group->count && !error;) {
    jint some = together(group, i);
    error = trim_window(group, i, i + some, advice, totals);
    if (error && some > 1) { /* what lies between the arrays need not be mapped */
      some = 1;
      error = trim_window(group, i, i + 1, advice, totals);
    }
    i += some;
  }
  return error;
}

/*
 * Drops the pages of arrays of one size that begin at offsets from kept on and end before the end
 * of their array, and counts, all in one call and with few system calls: one mincore(2) takes as
 * long as the fault of a page, and serves up to MOST_ARRAYS arrays beside each other.
 *
 * The result has the bytes that are in RAM afterwards, the bytes dropped, and the number of arrays
 * with less in RAM than they are to keep. Zero, or negative: HANDED_OUT_A_COPY or an errno.
 */
EXPORT Java_io_allocmem_pages_JniPages_trim(JNIEnv *jvm, jclass type, jobjectArray arrays,
                                            jint count, jint header, jlong length, jlong committed,
                                            jlong kept, jint page, jint advice, jlongArray result) {
  if (advice != MADV_DONTNEED && advice != MADV_REMOVE) {
    return NOT_SUCH_ADVICE;
  }
  if (count < 1 || count > MOST_ARRAYS || committed > (MOST_PAGES - 1) * (jlong) page) {
    return TOO_LARGE;
  }
  if ((*jvm)->PushLocalFrame(jvm, MOST_ARRAYS)) {
    return NO_MEMORY;
  }
  jarray pinned[MOST_ARRAYS];
  char *start[MOST_ARRAYS];
  struct group group; /* field by field: a compiler would call memset for all of them */
  group.count = 0;
  group.page = page;
  group.header = header;
  group.committed = committed;
  group.length = length;
  group.kept = kept;
  for (jint i = 0; i < count; i++) { /* first, since nothing else may be called while pinned */
    pinned[i] = (*jvm)->GetObjectArrayElement(jvm, arrays, i);
  }
  for (; group.count < count; group.count++) {
    start[group.count] = pin(jvm, pinned[group.count]);
    group.start[group.count] = start[group.count];
    if (!start[group.count]) {
      break;
    }
  }
  struct totals totals = {0, 0, 0};
  sort(group.start, group.count);
  long error = group.count == count ? trim_all(&group, advice, &totals) : HANDED_OUT_A_COPY;
  while (group.count > 0) {
    group.count--;
    unpin(jvm, pinned[group.count], start[group.count]);
  }
  (*jvm)->PopLocalFrame(jvm, 0);
  if (!error) {
    (*jvm)->SetLongArrayRegion(jvm, result, 0, 3, (jlong *) &totals);
  }
  return error;
}
