// The limit for writing a ledger: the rows that Magpie wrote, written again by nothing but a loop.
//
//   magpie-bench-raw LEDGER TARGET CACHE_MEGABYTES FOREIGN_KEYS
//
// Reads every transaction, source and judgement of a finished ledger into memory, makes the same tables with the same
// indexes in a new file, and then inserts them in one transaction, prepared statements and bound pointers only, with
// the same durability. What is timed is that transaction with its commit. Prints one JSON object.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  int type;
  int length;
  union {
    sqlite3_int64 integer;
    const char *bytes;
  } as;
} value;

typedef struct {
  const char *name;
  int columns;
  size_t rows;
  value *values;
} table;

static void check(int code, sqlite3 *db, const char *what) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static void run(sqlite3 *db, const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL), db, sql); }

static sqlite3_stmt *prepared(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), db, sql);
  return statement;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// All rows of a table, in the order they were written. The bytes of a row lie together.
static table read_table(sqlite3 *db, const char *name, const char *order) {
  char sql[200];
  snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", name);
  sqlite3_stmt *count = prepared(db, sql);
  check(sqlite3_step(count), db, sql);
  size_t rows = (size_t)sqlite3_column_int64(count, 0);
  sqlite3_finalize(count);
  snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY %s", name, order);
  sqlite3_stmt *all = prepared(db, sql);
  table result = {name, sqlite3_column_count(all), 0, NULL};
  result.values = malloc((rows + 1) * (size_t)result.columns * sizeof(value));
  while (sqlite3_step(all) == SQLITE_ROW) {
    size_t size = 0;
    for (int column = 0; column < result.columns; column++) {
      int type = sqlite3_column_type(all, column);
      if (type == SQLITE_TEXT || type == SQLITE_BLOB) size += (size_t)sqlite3_column_bytes(all, column);
    }
    char *bytes = malloc(size + 1);
    for (int column = 0; column < result.columns; column++) {
      value *to = &result.values[result.rows * (size_t)result.columns + (size_t)column];
      to->type = sqlite3_column_type(all, column);
      to->length = 0;
      if (to->type == SQLITE_INTEGER) {
        to->as.integer = sqlite3_column_int64(all, column);
      } else if (to->type != SQLITE_NULL) {
        const void *from = sqlite3_column_blob(all, column);
        to->length = sqlite3_column_bytes(all, column);
        if (to->length > 0) memcpy(bytes, from, (size_t)to->length);
        to->as.bytes = bytes;
        bytes += to->length;
      }
    }
    result.rows++;
  }
  sqlite3_finalize(all);
  return result;
}

// The same tables, indexes included, and the rows that ours refer to.
static void copy_shape(sqlite3 *target, const char *ledger) {
  char sql[4200];
  snprintf(sql, sizeof sql, "ATTACH '%s' AS ledger", ledger);
  run(target, sql);
  sqlite3_stmt *shapes = prepared(
      target, "SELECT sql FROM ledger.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
              "AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'ledger' AND type = 'shadow') ORDER BY rowid");
  while (sqlite3_step(shapes) == SQLITE_ROW) run(target, (const char *)sqlite3_column_text(shapes, 0));
  sqlite3_finalize(shapes);
  const char *parents[] = {"household", "person", "membership", "connection", "account", "account_source"};
  for (size_t index = 0; index < sizeof parents / sizeof parents[0]; index++) {
    snprintf(sql, sizeof sql, "INSERT INTO main.%s SELECT * FROM ledger.%s", parents[index], parents[index]);
    run(target, sql);
  }
  run(target, "DETACH ledger");
}

static sqlite3_stmt *insert_into(sqlite3 *db, const table *table) {
  char sql[1000];
  int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table->name);
  for (int column = 1; column < table->columns; column++) {
    length += snprintf(sql + length, sizeof sql - (size_t)length, ",?");
  }
  snprintf(sql + length, sizeof sql - (size_t)length, ")");
  return prepared(db, sql);
}

static void insert(sqlite3 *db, sqlite3_stmt *statement, const table *table, size_t row) {
  const value *values = table->values + row * (size_t)table->columns;
  for (int column = 0; column < table->columns; column++) {
    const value *from = &values[column];
    switch (from->type) {
      case SQLITE_INTEGER: sqlite3_bind_int64(statement, column + 1, from->as.integer); break;
      case SQLITE_TEXT: sqlite3_bind_text(statement, column + 1, from->as.bytes, from->length, SQLITE_STATIC); break;
      case SQLITE_BLOB: sqlite3_bind_blob(statement, column + 1, from->as.bytes, from->length, SQLITE_STATIC); break;
      default: sqlite3_bind_null(statement, column + 1);
    }
  }
  int code = sqlite3_step(statement);
  if (code != SQLITE_DONE) check(code == SQLITE_ROW ? SQLITE_ERROR : code, db, table->name);
  sqlite3_reset(statement);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: magpie-bench-raw LEDGER TARGET CACHE_MEGABYTES FOREIGN_KEYS\n");
    return 64;
  }
  sqlite3 *ledger;
  check(sqlite3_open_v2(argv[1], &ledger, SQLITE_OPEN_READONLY, NULL), ledger, argv[1]);
  table transactions = read_table(ledger, "bank_transaction", "rowid");
  table sources = read_table(ledger, "transaction_source", "rowid");
  table judgements = read_table(ledger, "judgement", "transaction_id, field");
  sqlite3_close(ledger);

  sqlite3 *target;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  check(sqlite3_open_v2(argv[2], &target, flags, NULL), target, argv[2]);
  run(target, "PRAGMA journal_mode = WAL");
  run(target, "PRAGMA synchronous = FULL");
  char pragma[64];
  snprintf(pragma, sizeof pragma, "PRAGMA cache_size = -%d", atoi(argv[3]) * 1024);
  run(target, pragma);
  run(target, "PRAGMA foreign_keys = OFF");
  copy_shape(target, argv[1]);
  snprintf(pragma, sizeof pragma, "PRAGMA foreign_keys = %s", atoi(argv[4]) ? "ON" : "OFF");
  run(target, pragma);
  run(target, "PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_stmt *insert_transaction = insert_into(target, &transactions);
  sqlite3_stmt *insert_source = insert_into(target, &sources);
  sqlite3_stmt *insert_judgement = insert_into(target, &judgements);
  size_t judged = 0;

  double start = now();
  run(target, "BEGIN IMMEDIATE");
  for (size_t row = 0; row < transactions.rows; row++) {
    insert(target, insert_transaction, &transactions, row);
    if (row < sources.rows) insert(target, insert_source, &sources, row);
    for (; judged * transactions.rows < (row + 1) * judgements.rows; judged++) {
      insert(target, insert_judgement, &judgements, judged);
    }
  }
  run(target, "COMMIT");
  double seconds = now() - start;
  printf("{\"rows\": %zu, \"seconds\": %.6f}\n", transactions.rows, seconds);
  return 0;
}
