"""Zones, charities, people, aid requests and the overlaps between them.

Safe beside the running version: there is none yet.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=True),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('targets', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_table('aid_type',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('group_code', sa.Text(), nullable=False),
    sa.Column('name_ar', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('code'),
    schema='registry'
    )
    op.create_table('charity',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('licence_number', sa.Text(), nullable=False),
    sa.Column('name_ar', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=True),
    sa.Column('zones', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('licence_number', name='charity_licence_number'),
    schema='registry'
    )
    op.create_table('household',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('household_unit', 'household', ['unit_id'], unique=False, schema='registry')
    op.create_table('idempotency_key',
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('charity_id', 'key'),
    schema='registry'
    )
    op.create_index('idempotency_key_created', 'idempotency_key', ['created_at'], unique=False, schema='registry')
    op.create_table('letter',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('letter_due', 'letter', ['due_at', 'id'], unique=False, schema='registry', postgresql_where=sa.text('handled_at IS NULL AND parked_at IS NULL'))
    op.create_index('letter_subject', 'letter', ['subject'], unique=False, schema='registry', postgresql_where=sa.text('handled_at IS NULL'))
    op.create_table('person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('joined_into', sa.Uuid(), nullable=True, comment='the person all its registrations moved to, if they did'),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_table('registration_history',
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('was', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('registration_id', 'version'),
    schema='registry'
    )
    op.create_table('zone',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('parent_code', sa.Text(), nullable=True),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('level_type', sa.Text(), nullable=False),
    sa.Column('path', postgresql.ARRAY(sa.Text()), nullable=False, comment='codes from the country down to this zone'),
    sa.Column('name_ar', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=True),
    sa.Column('name_en_suspect', sa.Text(), server_default='', nullable=False),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('boundary', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('geom_quality', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('licence', sa.Text(), nullable=False),
    sa.CheckConstraint('level = cardinality(path) - 1', name='zone_level_is_its_depth'),
    sa.ForeignKeyConstraint(['parent_code'], ['registry.zone.code'], ),
    sa.PrimaryKeyConstraint('code'),
    schema='registry'
    )
    op.create_index('zone_parent', 'zone', ['parent_code'], unique=False, schema='registry')
    op.create_table('aid_policy',
    sa.Column('aid_type', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('concurrency', sa.Text(), nullable=False),
    sa.Column('max_grants', sa.Integer(), nullable=True),
    sa.Column('max_amount', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('window_days', sa.Integer(), nullable=True),
    sa.Column('cool_down_days', sa.Integer(), nullable=False),
    sa.Column('conflicts_with', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('discloses_charity', sa.Boolean(), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.CheckConstraint("concurrency IN ('forbidden','limited','allowed')", name='aid_policy_concurrency'),
    sa.CheckConstraint("effect IN ('hold','inform')", name='aid_policy_effect'),
    sa.CheckConstraint("unit IN ('person','household')", name='aid_policy_unit'),
    sa.ForeignKeyConstraint(['aid_type'], ['registry.aid_type.code'], ),
    sa.PrimaryKeyConstraint('aid_type', 'version'),
    schema='registry'
    )
    op.create_table('registration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('source_ref', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('name_latin', sa.Text(), nullable=True),
    sa.Column('id_kind', sa.Text(), nullable=True),
    sa.Column('id_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('id_token', sa.Text(), nullable=True),
    sa.Column('id_near', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('birth_typed', sa.Text(), nullable=True),
    sa.Column('birth_calendar', sa.Text(), nullable=True),
    sa.Column('birth_precision', sa.Text(), nullable=True),
    sa.Column('gender', sa.Text(), nullable=True),
    sa.Column('phones', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
    sa.Column('address_text', sa.Text(), nullable=True),
    sa.Column('zone_code', sa.Text(), nullable=True),
    sa.Column('household_ref', sa.Text(), nullable=True),
    sa.Column('household_role', sa.Text(), nullable=True),
    sa.Column('household_size', sa.SmallInteger(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('name IS NOT NULL OR name_latin IS NOT NULL', name='registration_has_a_name'),
    sa.ForeignKeyConstraint(['charity_id'], ['registry.charity.id'], ),
    sa.ForeignKeyConstraint(['zone_code'], ['registry.zone.code'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('charity_id', 'source_ref', name='registration_source_ref'),
    schema='registry'
    )
    op.create_index('registration_household', 'registration', ['household_id'], unique=False, schema='registry')
    op.create_index('registration_person', 'registration', ['person_id'], unique=False, schema='registry')
    op.create_table('aid_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('priority', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='lower = stored earlier'),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('aid_type', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False, comment='the last day covered'),
    sa.Column('amount', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('currency', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('zone_code', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), server_default='pending', nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('screened_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('pending','cleared','held','approved','rejected','delivered','closed','cancelled')", name='aid_request_status'),
    sa.CheckConstraint('amount > 0 AND (amount IS NULL) = (currency IS NULL)', name='aid_request_amount'),
    sa.CheckConstraint('starts_on <= ends_on', name='aid_request_has_days'),
    sa.ForeignKeyConstraint(['aid_type'], ['registry.aid_type.code'], ),
    sa.ForeignKeyConstraint(['charity_id'], ['registry.charity.id'], ),
    sa.ForeignKeyConstraint(['registration_id'], ['registry.registration.id'], ),
    sa.ForeignKeyConstraint(['zone_code'], ['registry.zone.code'], ),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('aid_request_charity', 'aid_request', ['charity_id', 'id'], unique=False, schema='registry')
    op.create_index('aid_request_registration', 'aid_request', ['registration_id'], unique=False, schema='registry')
    op.create_index('aid_request_zone', 'aid_request', ['zone_code', 'starts_on'], unique=False, schema='registry')
    op.create_table('identity_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Uuid(), nullable=False),
    sa.Column('registration_version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('by_registration', sa.Uuid(), nullable=True, comment='the registration it was matched to, if any'),
    sa.Column('probability', sa.Double(), nullable=True),
    sa.Column('bits', sa.Double(), nullable=True),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('model_version', sa.Text(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("how IN ('first','verified','national_id','probabilistic','reviewer')", name='identity_link_how'),
    sa.ForeignKeyConstraint(['person_id'], ['registry.person.id'], ),
    sa.ForeignKeyConstraint(['registration_id'], ['registry.registration.id'], ),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('identity_link_active', 'identity_link', ['registration_id'], unique=True, schema='registry', postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('identity_link_person', 'identity_link', ['person_id'], unique=False, schema='registry')
    op.create_table('possible_match',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('low_registration', sa.Uuid(), nullable=False),
    sa.Column('high_registration', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('probability', sa.Double(), nullable=False),
    sa.Column('bits', sa.Double(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('model_version', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), server_default='open', nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open','same','different','withdrawn')", name='possible_match_state'),
    sa.CheckConstraint('low_registration < high_registration', name='possible_match_ordered'),
    sa.ForeignKeyConstraint(['high_registration'], ['registry.registration.id'], ),
    sa.ForeignKeyConstraint(['low_registration'], ['registry.registration.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('low_registration', 'high_registration', name='possible_match_pair'),
    schema='registry'
    )
    op.create_index('possible_match_high', 'possible_match', ['high_registration'], unique=False, schema='registry')
    op.create_table('assistance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('currency', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['registry.aid_request.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('request_id', name='assistance_once_a_request'),
    schema='registry'
    )
    op.create_table('overlap_finding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False, comment='the one to look at'),
    sa.Column('earlier_id', sa.Uuid(), nullable=False, comment='keeps its priority'),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('certainty', sa.Text(), nullable=False),
    sa.Column('probability', sa.Double(), nullable=True),
    sa.Column('common_from', sa.Date(), nullable=True),
    sa.Column('common_to', sa.Date(), nullable=True),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('model_version', sa.Text(), nullable=True),
    sa.Column('policy_version', sa.Integer(), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), server_default='open', nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_because', sa.Text(), nullable=True),
    sa.CheckConstraint("certainty IN ('confirmed','suspected')", name='overlap_finding_certainty'),
    sa.CheckConstraint("rule IN ('same_type','conflicting_type','cool_down','limit')", name='overlap_finding_rule'),
    sa.CheckConstraint("state IN ('open','closed')", name='overlap_finding_state'),
    sa.CheckConstraint('request_id <> earlier_id', name='overlap_finding_two_requests'),
    sa.ForeignKeyConstraint(['earlier_id'], ['registry.aid_request.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['registry.aid_request.id'], ),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('overlap_finding_earlier', 'overlap_finding', ['earlier_id'], unique=False, schema='registry')
    op.create_index('overlap_finding_open_pair', 'overlap_finding', [sa.literal_column('least(request_id, earlier_id)'), sa.literal_column('greatest(request_id, earlier_id)')], unique=True, schema='registry', postgresql_where=sa.text("state = 'open'"))
    op.create_index('overlap_finding_request', 'overlap_finding', ['request_id'], unique=False, schema='registry')
    op.create_table('request_status',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('pending','cleared','held','approved','rejected','delivered','closed','cancelled')", name='request_status_status'),
    sa.ForeignKeyConstraint(['request_id'], ['registry.aid_request.id'], ),
    sa.PrimaryKeyConstraint('id'),
    schema='registry'
    )
    op.create_index('request_status_request', 'request_status', ['request_id'], unique=False, schema='registry')
    op.create_table('overlap_notice',
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('charity_id', sa.Uuid(), nullable=False),
    sa.Column('aid_type', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('zone_code', sa.Text(), nullable=True),
    sa.Column('certainty', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('own_request_id', sa.Uuid(), nullable=True),
    sa.Column('charity_name_ar', sa.Text(), nullable=True),
    sa.Column('charity_name_en', sa.Text(), nullable=True),
    sa.Column('reason_ar', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['finding_id'], ['registry.overlap_finding.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['registry.aid_request.id'], ),
    sa.PrimaryKeyConstraint('finding_id'),
    schema='registry'
    )
    op.create_index('overlap_notice_request', 'overlap_notice', ['request_id'], unique=False, schema='registry')
