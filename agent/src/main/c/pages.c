/*
 * The kernel's side of a block: counts its pages that are in RAM, and gives pages back. And where a
 * thread's stack is.
 *
 * A block is memory at an address, or an array of the Java heap. An array is pinned by
 * GetPrimitiveArrayCritical for the length of one call, so that no collector moves it under the
 * kernel's hands; the caller asks for so few bytes a call that a collection hardly waits.
 *
 * A page belongs to the block that it begins in. So blocks beside each other never count a page
 * twice, and ranges beside each other in one block never leave a page between them.
 *
 * System calls only, and no C library: one binary for glibc and musl.
 */
#include "pages.h"

/* Counts of an array that collectors move meanwhile, before it is pinned for a count. */
enum { COUNTS_UNPINNED = 3 };

static long count(char *first, char *end, jint page) {
  unsigned char in_ram[512];
  long pages = 0;
  while (first < end) {
    unsigned long asked = (end - first + page - 1) / page;
    asked = asked < sizeof in_ram ? asked : sizeof in_ram;
    long error = system_call(SYS_MINCORE, first, asked * page, (long) in_ram);
    if (error) {
      return error;
    }
    for (unsigned long i = 0; i < asked; i++) {
      pages += in_ram[i] & 1;
    }
    first += asked * page;
  }
  return pages * page;
}

static char *where(JNIEnv *jvm, jarray array) {
  char *start = pin(jvm, array);
  if (start) {
    unpin(jvm, array, start);
  }
  return start;
}

/*
 * Bytes in pages that begin at offsets from <= x < to of the block, and are in RAM by mincore(2);
 * negative: HANDED_OUT_A_COPY or an errno.
 *
 * mincore changes nothing and takes any address. So an array is not pinned meanwhile, and no
 * collection waits: a count holds if the array is in the same place after it.
 */
EXPORT Java_io_allocmem_pages_JniPages_resident(JNIEnv *jvm, jclass type, jintArray array,
                                                jlong address, jlong from, jlong to, jint page) {
  if (!array) {
    return count(page_from((char *) address + from, page), (char *) address + to, page);
  }
  char *start = where(jvm, array);
  for (int i = 0; i < COUNTS_UNPINNED && start; i++) {
    long bytes = count(page_from(start + from, page), start + to, page);
    char *now = where(jvm, array);
    if (now == start) {
      return bytes;
    }
    start = now;
  }
  start = pin(jvm, array);
  if (!start) {
    return HANDED_OUT_A_COPY;
  }
  long bytes = count(page_from(start + from, page), start + to, page);
  unpin(jvm, array, start);
  return bytes;
}

/*
 * Gives the pages back that begin at offsets from <= x < to of the block, and end before its own
 * end; they read as zero afterwards. Zero, or negative: HANDED_OUT_A_COPY or an errno.
 *
 * The caller knows the mapping, and so the advice: MADV_DONTNEED in a private one, and MADV_REMOVE
 * in a shared one where nothing but this memory is, and room for a page is never short: a hole in a
 * file is a SIGBUS at its next touch where the file system is full.
 *
 * Offsets count from the first element: the header before it can never be dropped.
 */
EXPORT Java_io_allocmem_pages_JniPages_giveBack(JNIEnv *jvm, jclass type, jintArray array,
                                                jlong address, jlong length, jlong from, jlong to,
                                                jint page, jint advice) {
  if (advice != MADV_DONTNEED && advice != MADV_REMOVE) {
    return NOT_SUCH_ADVICE;
  }
  char *start = array ? pin(jvm, array) : (char *) address;
  if (!start) {
    return HANDED_OUT_A_COPY;
  }
  char *first = page_from(start + (from > 0 ? from : 0), page);
  char *end = page_from(start + to, page);
  char *last = page_of(start + length, page);
  end = end < last ? end : last;
  long error = first < end ? system_call(SYS_MADVISE, first, end - first, advice) : 0;
  unpin(jvm, array, start);
  return error;
}

/* Where the array is, for now; zero: the JVM hands out a copy. */
EXPORT Java_io_allocmem_pages_JniPages_addressOf(JNIEnv *jvm, jclass type, jintArray array) {
  return (jlong) where(jvm, array);
}

/*
 * Writes an int at each page size from an address on, below another. First the kernel makes the
 * pages resident in one call, which it can since Linux 5.14; without that each write is a page
 * fault.
 */
EXPORT Java_io_allocmem_pages_JniPages_write(JNIEnv *jvm, jclass type, jlong from, jlong to,
                                             jint page) {
  long error = 0;
  if (from < to) {
    char *first = page_of((char *) from, page);
    char *last = (char *) (from + (to - 1 - from) / page * page);
    error = system_call(SYS_MADVISE, first, last + 1 - first, MADV_POPULATE_WRITE);
    for (char *at = (char *) from; at <= last; at += page) {
      *(volatile int *) at = 1;
    }
  }
  return error;
}

/* An address in the stack of the thread that calls. */
EXPORT Java_io_allocmem_pages_JniPages_stackPointer(JNIEnv *jvm, jclass type) {
  return (jlong) __builtin_frame_address(0);
}
