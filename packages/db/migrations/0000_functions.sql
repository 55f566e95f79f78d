-- UUIDv7 (RFC 9562, method 3) from the server's clock: 48 bits of milliseconds, the version, 12 bits of the millisecond's
-- fraction, then variant and random bits. Rows born one after another in the same millisecond still sort by age.
create function uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(
    overlay(
      uuid_send(gen_random_uuid())
      placing int8send(
        overlay((extract(epoch from clock_timestamp()) * 4096000)::bigint::bit(60) placing b'0111' from 49 for 0)::bit(64)::bigint
      )
      from 1 for 8
    ),
    'hex')::uuid
$$;
