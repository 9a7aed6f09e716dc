/*
 * Runs a fuzz target over its corpus in the normal test run, where libFuzzer is not linked.
 *
 *   fuzz-NAME FOLDER...
 *
 * Each input is given as it is and then in a few damaged forms, the same in every run, so that a
 * fault near a known input shows without a fuzzer. Prints TAP: one line a folder. The inputs are
 * named in comments before they run: the last one named is the one that crashed.
 */
#define _XOPEN_SOURCE 700 /* scandir */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { INPUT_MAX = 64 * 1024 * 1024, DAMAGED_MAX = 64 * 1024, DAMAGED_FORMS = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *bytes;
	size_t size;
};

/* A copy of exact size on the heap, so that a sanitizer sees a read past its end. */
static void give(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		return;
	if (size)
		memcpy(copy, bytes, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* One damaged form: cut short, a byte changed, or a stretch repeated over another. */
static void damage(const struct input *input, unsigned form, uint8_t *scratch)
{
	uint64_t state = input->size * 31u + form;
	size_t size = input->size;
	size_t a = (size_t)next_random(&state) % size;
	size_t b = (size_t)next_random(&state) % size;

	memcpy(scratch, input->bytes, size);
	if (form % 3 == 0)
		size = a;
	else if (form % 3 == 1)
		scratch[a] = (uint8_t)next_random(&state);
	else
		memmove(scratch + a, input->bytes + b, size - (a > b ? a : b));
	give(scratch, size);
}

static void replay(const struct input *input)
{
	uint8_t *scratch;

	give(input->bytes, input->size);
	if (input->size == 0 || input->size > DAMAGED_MAX)
		return;
	scratch = malloc(input->size);
	if (!scratch)
		return;
	for (unsigned form = 0; form < DAMAGED_FORMS; form++)
		damage(input, form, scratch);
	free(scratch);
}

static bool read_input(const char *path, struct input *out)
{
	struct stat info;
	FILE *file = fopen(path, "rb");
	bool ok = file && fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) &&
		info.st_size <= INPUT_MAX;

	out->bytes = NULL;
	if (ok) {
		out->size = (size_t)info.st_size;
		out->bytes = malloc(out->size ? out->size : 1);
		ok = out->bytes && fread(out->bytes, 1, out->size, file) == out->size;
	}
	if (file)
		(void)fclose(file);
	return ok;
}

/* Inputs replayed; the faults are inputs that cannot be read. */
static size_t replay_folder(const char *folder, size_t *faults)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, NULL, alphasort);
	size_t replayed = 0;

	for (int i = 0; i < count; i++) {
		char path[4096];
		struct input input;

		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (names[i]->d_name[0] != '.') {
			printf("# %s\n", path);
			(void)fflush(stdout);
			if (read_input(path, &input)) {
				replay(&input);
				replayed++;
			} else {
				(*faults)++;
			}
			free(input.bytes);
		}
		free(names[i]);
	}
	free(names);
	return replayed;
}

int main(int argc, char **argv)
{
	bool failed = argc < 2;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		size_t faults = 0;
		size_t replayed = replay_folder(argv[i], &faults);
		bool ok = replayed > 0 && faults == 0;

		printf("%s %d - %zu inputs replayed, %zu unreadable\n", ok ? "ok" : "not ok", i,
			replayed, faults);
		failed |= !ok;
	}
	return failed ? 1 : 0;
}
