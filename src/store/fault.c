#include "store/fault.h"

static _Thread_local size_t steps, fail_at;

void tu_store_fault_set(size_t nth)
{
	steps = 0;
	fail_at = nth;
}

size_t tu_store_fault_count(void)
{
	return steps;
}

bool tu_store__fault_hit(void)
{
	return ++steps == fail_at;
}
