/**
 * Many JVMs from one command line: choice by pattern and share, work in parallel with few threads,
 * one row or one JSON object per JVM.
 */
package io.allocmem.launcher.many;
