/* Reference of the benchmarks: how fast a C program gets memory from this kernel. Usage:
   touch WAY MIB THREADS, WAY one of int (one int a page), populate (MADV_POPULATE_WRITE),
   huge (huge pages, one int each), huge-populate. Prints nanoseconds, or "no" if the kernel lacks
   the way. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { PAGE = 4096, HUGE = 2 << 20, MOST_THREADS = 256 };

static char *base;
static size_t share;
static int step, populate;

static void *take(void *number) {
  char *from = base + (size_t)number * share;
  if (populate) return (void *)(size_t)madvise(from, share, MADV_POPULATE_WRITE);
  for (char *at = from; at < from + share; at += step) *(volatile int *)at = 1;
  return 0;
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[3]) < 1 || atoi(argv[3]) > MOST_THREADS) return 2;
  int threads = atoi(argv[3]), huge = !strncmp(argv[1], "huge", 4);
  populate = strstr(argv[1], "populate") != 0;
  step = huge ? HUGE : PAGE;
  size_t size = (size_t)atoi(argv[2]) << 20;
  share = size / threads & -(size_t)HUGE;
  base = mmap(0, size + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return 1;
  base = (char *)(((size_t)base + HUGE - 1) & -(size_t)HUGE);
  if (huge && madvise(base, size, MADV_HUGEPAGE)) return puts("no"), 0;
  pthread_t pool[MOST_THREADS];
  void *failed = 0;
  long long start = now();
  for (size_t i = 1; i < (size_t)threads; i++) pthread_create(&pool[i], 0, take, (void *)i);
  failed = take(0);
  for (int i = 1; i < threads; i++) {
    void *too;
    pthread_join(pool[i], &too);
    failed = failed ? failed : too;
  }
  long long end = now();
  if (failed) return puts("no"), 0;
  printf("%lld\n", (end - start) * (long long)(size / threads) / (long long)share);
}
