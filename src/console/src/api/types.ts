// Written by api_types.py; edit nothing here.

export type AbsenceView = {
  readonly from_s: number;
  readonly to_s: number;
  readonly reason: string;
};

export type Answer = "met" | "not_met" | "cannot_tell";

export type ApiRole = "station" | "reviewer" | "batch" | "admin";

export type Atlas = {
  readonly exhibit: string;
  readonly sha256: string;
  readonly verdict: string;
  readonly faces: Readonly<Partial<Record<Face, AtlasFace>>>;
};

export type AtlasFace = {
  readonly answer: Answer;
  readonly best_s: number | null;
  readonly view_cos: number | null;
  readonly seen_s: number | null;
  readonly image: string | null;
  readonly picture: string | null;
};

export type BesideView = {
  readonly picture: string;
  readonly packed: string;
  readonly turned: number;
  readonly changes: readonly (Change)[];
};

export type BreakView = {
  readonly from_s: number;
  readonly to_s: number;
  readonly cause: string;
  readonly certain: boolean;
};

export type CaseFile = {
  readonly case_id: string;
  readonly platform: string | null;
  readonly order: Order;
  readonly claim: Claim;
  readonly outbound_parcel: OutboundParcel;
  readonly return_parcel: ReturnParcel;
  readonly evidence_window: EvidenceWindow;
  readonly received_at: Readonly<Partial<Record<string, unknown>>>;
  readonly roles: Readonly<Partial<Record<string, unknown>>>;
  readonly contacts: Contacts;
};

export type CaseState = "open" | "verifying" | "stalled" | "verified" | "closed";

export type CaseView = {
  readonly id: string;
  readonly tenant: string;
  readonly file: CaseFile;
  readonly revision: number;
  readonly state: CaseState;
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly erased_at: string | null;
  readonly verdict: StoredVerdict | null;
};

export type Change = {
  readonly what: Changed;
  readonly box: readonly [number, number, number, number];
};

export type Changed = "label" | "tape" | "mark";

export type Claim = {
  readonly claim_id: string | null;
  readonly kind: ClaimKind | null;
  readonly reason: ClaimReason | null;
  readonly statement: string | null;
  readonly opened_at: string | null;
  readonly lines: readonly (ClaimedLine)[];
  readonly asked: string | null;
};

export type ClaimKind = "refund_unshipped" | "refund_in_transit" | "refund_only" | "return_refund" | "exchange" | "repair";

export type ClaimReason = "no_reason" | "size_colour" | "quality_defect" | "damaged" | "wrong_item" | "missing_item" | "not_as_described" | "counterfeit" | "perishable" | "not_received";

export type ClaimView = {
  readonly lacks: readonly (Lacking)[];
  readonly where: Whereabouts;
  readonly clocks: readonly (ClockReading)[];
  readonly decision: Decision | null;
  readonly now: string;
};

export type ClaimedLine = {
  readonly line: number;
  readonly quantity: number;
};

export type ClockReading = {
  readonly code: string;
  readonly title: Say;
  readonly holder: Party;
  readonly state: ClockState;
  readonly started_at: string;
  readonly entry: string | null;
  readonly due_at: string | null;
  readonly ended_at: string | null;
  readonly used: string;
  readonly left: string;
  readonly paused: string;
  readonly why: Say;
  readonly cites: readonly (string)[];
};

export type ClockState = "running" | "warned" | "paused" | "kept" | "breached";

export type CodeView = {
  readonly from_s: number;
  readonly to_s: number;
  readonly format: string;
  readonly text: string;
  readonly reads: number;
};

export type Contacts = {
  readonly buyer: string | null;
  readonly seller: string | null;
  readonly buyer_language: "zh" | "en";
  readonly seller_language: "zh" | "en";
};

export type Criterion = "consistency" | "completeness" | "validity" | "timeliness";

export type CriterionJudgement = {
  readonly answer: Answer;
  readonly findings: readonly (Finding)[];
};

export type Decision = {
  readonly id: string;
  readonly tenant: string;
  readonly case_id: string;
  readonly case_revision: number;
  readonly liable: Party | null;
  readonly remedy: Remedy;
  readonly refund: Money | null;
  readonly units: readonly (Unit)[];
  readonly freight: FreightBearer;
  readonly reasons: readonly (Reason)[];
  readonly recommendation: Recommendation;
  readonly verdict: Verdict | null;
  readonly overrules: Overrule | null;
  readonly note: string | null;
  readonly by: string;
  readonly at: string;
  readonly supersedes: string | null;
  readonly entry: number;
};

export type Decisions = {
  readonly items: readonly (Decision)[];
};

export type DecodeView = {
  readonly frames: number;
  readonly corrupt_frames: number;
  readonly covered_s: number;
  readonly expected_s: number | null;
  readonly stopped_by: string | null;
};

export type EraseReason = "retention_expired" | "data_subject_request" | "court_order" | "contract_ended" | "mistake";

export type EvidenceWindow = {
  readonly opens_at: string | null;
  readonly closes_at: string | null;
};

export type Exhibit = {
  readonly sha256: string;
  readonly name: string;
  readonly role: Role;
  readonly bytes: number;
  readonly medium: Medium;
  readonly format: string;
  readonly declared_sha256: string | null;
  readonly received_at: string | null;
};

export type ExhibitList = {
  readonly items: readonly (FiledExhibit)[];
};

export type ExhibitView = {
  readonly sha256: string;
  readonly name: string;
  readonly role: Role;
  readonly bytes: number;
  readonly verdict: Verdict;
  readonly medium: Medium;
  readonly format: string;
  readonly media: MediaInfo | null;
  readonly decode: DecodeView | null;
  readonly failure: MediaFailure | null;
  readonly faces: Readonly<Partial<Record<Face, FaceView>>>;
  readonly stages: readonly (StageView)[];
  readonly takes: readonly (SpanView)[];
  readonly breaks: readonly (BreakView)[];
  readonly codes: readonly (CodeView)[];
  readonly absences: readonly (AbsenceView)[];
  readonly moments: readonly (MomentView)[];
  readonly items: readonly (ItemView)[];
  readonly uses: readonly (UseView)[];
  readonly packed: readonly (PackedView)[];
  readonly quality: QualityView | null;
  readonly unmeasured: readonly (HoleView)[];
  readonly sandbox: Sandbox | null;
};

export type Face = "top" | "bottom" | "front" | "back" | "left" | "right";

export type FaceView = {
  readonly answer: Answer;
  readonly best_s: number | null;
  readonly view_cos: number | null;
  readonly seen_s: number | null;
  readonly image: string | null;
};

export type FiledExhibit = {
  readonly id: string;
  readonly tenant: string;
  readonly case_id: string;
  readonly exhibit: Exhibit;
  readonly sealed_at: string;
  readonly entry: number;
  readonly station: string | null;
  readonly upload_id: string | null;
  readonly observed_by: string | null;
  readonly quarantine: Quarantine | null;
  readonly erased: Tombstone | null;
};

export type Finding = {
  readonly code: RuleCode;
  readonly answer: Answer;
  readonly text: Say;
  readonly exhibit: string | null;
  readonly spans: readonly (readonly [number, number])[];
  readonly cites: readonly (string)[];
  readonly value: string | number | boolean | null;
  readonly threshold: string | number | null;
  readonly margin: number | null;
  readonly unit: string | null;
  readonly missing: string | null;
  readonly fix: Say | null;
};

export type FreightBearer = "buyer" | "seller" | "carrier" | "none";

export type Goods = "general" | "electronics" | "perishable";

export type Ground = {
  readonly code: string;
  readonly answer: Answer;
  readonly text: Say;
  readonly cites: readonly (string)[];
};

export type HoleView = {
  readonly of: readonly (string)[];
  readonly code: string;
  readonly detail: string;
};

export type ItemView = {
  readonly from_s: number;
  readonly to_s: number;
  readonly reference: string;
  readonly by: string;
  readonly same: Answer;
  readonly score: number;
  readonly view: string | null;
  readonly picture: string | null;
};

export type Lacking = {
  readonly field: string;
  readonly of: Party;
  readonly text: Say;
  readonly cites: readonly (string)[];
};

export type MediaFailure = {
  readonly code: string;
  readonly text: Say;
  readonly fix: Say;
};

export type MediaInfo = {
  readonly duration_s: number | null;
  readonly width: number;
  readonly height: number;
  readonly fps: number | null;
  readonly codec: string;
  readonly audio_codec: string | null;
  readonly rotation_deg: number;
};

export type Medium = "video" | "photo" | "document" | "unknown";

export type MomentView = {
  readonly at_s: number;
  readonly label: string;
  readonly image: string;
};

export type MoneySent = {
  readonly amount: number | string;
  readonly currency: string;
};

export type Money = {
  readonly amount: string;
  readonly currency: string;
};

export type Order = {
  readonly order_id: string | null;
  readonly placed_at: string | null;
  readonly items: readonly (OrderItem)[];
  readonly freight: string | null;
};

export type OrderItem = {
  readonly sku: string | null;
  readonly title: string | null;
  readonly category: string | null;
  readonly quantity: number | null;
  readonly serials: readonly (string)[];
  readonly barcodes: readonly (string)[];
  readonly reference_images: readonly (string)[];
  readonly price: string | null;
  readonly currency: string | null;
  readonly weight_g: number | null;
  readonly supplier: string | null;
  readonly batch: string | null;
};

export type OutboundParcel = {
  readonly waybill: string | null;
  readonly carrier: string | null;
  readonly shipped_at: string | null;
  readonly signed_at: string | null;
};

export type Overrule = "new_facts" | "machine_wrong" | "discretion" | "goodwill" | "platform_order" | "law" | "fraud" | "agreement";

export type PackedView = {
  readonly packing: string;
  readonly what: "box" | "item";
  readonly same: Answer;
  readonly design: Answer | null;
  readonly by: string;
  readonly likely: number;
  readonly beside: readonly (BesideView)[];
};

export type Party = "buyer" | "seller" | "carrier" | "supplier" | "platform" | "service_point";

export type PictureList = {
  readonly items: Readonly<Partial<Record<string, string>>>;
};

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
};

export type QualityView = {
  readonly step_s: number;
  readonly sharpness: readonly (number)[];
  readonly luma: readonly (number)[];
};

export type Quarantine = {
  readonly code: string;
  readonly text: Say;
  readonly fix: Say;
};

export type Queue = {
  readonly items: readonly (WaitingCase)[];
  readonly next: string | null;
  readonly now: string;
};

export type Reason = {
  readonly text: Say;
  readonly cites: readonly (string)[];
};

export type Recommendation = {
  readonly situation: Situation;
  readonly row: string;
  readonly table: string;
  readonly table_version: string;
  readonly table_digest: string;
  readonly liable: Party | null;
  readonly remedy: Remedy;
  readonly refund: Money | null;
  readonly units: readonly (Unit)[];
  readonly freight: FreightBearer;
  readonly reasons: readonly (Reason)[];
  readonly appeal: readonly (Ground)[];
  readonly automatic: boolean;
  readonly waits_for: readonly (Say)[];
};

export type Remedy = "none" | "compensate" | "resend" | "exchange" | "repair" | "partial_refund" | "return_refund" | "refund_only" | "ask_person";

export type Report = {
  readonly schema: "sixfaces.report/1";
  readonly case_id: string;
  readonly verdict: Verdict;
  readonly criteria: Readonly<Partial<Record<Criterion, CriterionJudgement>>>;
  readonly exhibits: readonly (ExhibitView)[];
  readonly rulebook: RulebookView;
  readonly observers: Readonly<Partial<Record<string, string>>>;
  readonly notes: readonly (Say)[];
  readonly timing: Timing | null;
  readonly salt: string | null;
};

export type Requirement = "required" | "required_if_known" | "advisory";

export type ReturnParcel = {
  readonly waybill: string | null;
  readonly carrier: string | null;
  readonly signed_at: string | null;
  readonly weight_g: number | null;
  readonly freight: string | null;
};

export type Role = "unboxing_video" | "packing_video" | "buyer_video" | "buyer_photo" | "qc_photo" | "document";

export type RuleCode = "consistency.waybill" | "consistency.order_reference" | "consistency.same_parcel" | "consistency.item" | "consistency.quantity" | "consistency.weight" | "consistency.claimed_defect" | "consistency.batch" | "consistency.same_box_as_packed" | "consistency.same_item_as_packed" | "completeness.six_faces" | "completeness.sealed_at_start" | "completeness.waybill_shown" | "completeness.opening_shown" | "completeness.item_shown" | "completeness.inspection_shown" | "completeness.one_take" | "completeness.always_in_view" | "validity.decodes" | "validity.resolution" | "validity.sharpness" | "validity.exposure" | "validity.original" | "validity.not_reused" | "validity.not_recaptured" | "validity.provenance" | "validity.integrity" | "timeliness.first_opening" | "timeliness.recorded_after_signing" | "timeliness.opened_promptly" | "timeliness.submitted_in_window" | "timeliness.clock" | "timeliness.challenge";

export type RulebookView = {
  readonly policy: string;
  readonly version: string;
  readonly digest: string;
  readonly template: boolean;
  readonly unconfirmed: readonly (string)[];
  readonly rules: Readonly<Partial<Record<RuleCode, Requirement>>>;
};

export type Ruling = {
  readonly remedy: Remedy | null;
  readonly liable: Party | null;
  readonly no_party: boolean;
  readonly refund: MoneySent | null;
  readonly freight: FreightBearer | null;
  readonly overrules: Overrule | null;
  readonly note: string | null;
  readonly supersedes: string | null;
  readonly unverified: boolean;
};

export type Sandbox = {
  readonly kind: "bubblewrap" | "namespaces" | "limits";
  readonly network: "none" | "reachable";
};

export type Say = {
  readonly zh: string;
  readonly en: string;
};

export type SessionView = {
  readonly tenant: string;
  readonly actor: string;
  readonly role: ApiRole;
  readonly station: string | null;
  readonly sees_personal: boolean;
  readonly may_unmask: boolean;
  readonly is_person: boolean;
  readonly expires_at: string | null;
};

export type Side = "accepted" | "rejected" | "needs_review" | "none" | "late";

export type Situation = {
  readonly kind: ClaimKind;
  readonly reason: ClaimReason;
  readonly seller: Side;
  readonly buyer: Side;
  readonly found: Found;
  readonly where: Whereabouts;
  readonly window: Window;
  readonly goods: Goods;
  readonly promise_broken: boolean;
  readonly fit: boolean;
};

export type SpanView = {
  readonly from_s: number;
  readonly to_s: number;
};

export type Stage = "absent" | "sealed" | "showing" | "opening" | "open" | "item_out";

export type StageView = {
  readonly from_s: number;
  readonly to_s: number;
  readonly stage: Stage;
};

export type StoredVerdict = {
  readonly id: string;
  readonly tenant: string;
  readonly case_id: string;
  readonly revision: number;
  readonly code_version: string;
  readonly policy: string;
  readonly policy_version: string;
  readonly policy_digest: string;
  readonly verdict: Verdict;
  readonly results: string;
  readonly entry: number;
  readonly judged_at: string;
  readonly again: number;
  readonly erased_at: string | null;
};

export type Timing = {
  readonly media_s: number;
  readonly wall_s: number;
  readonly decode_s: number;
};

export type Tombstone = {
  readonly erasure: string;
  readonly reason: EraseReason;
  readonly by: string;
  readonly at: string;
};

export type Unit = {
  readonly line: number;
  readonly piece: number;
};

export type Urgency = "late" | "hours" | "day" | "days" | "later" | "none";

export type UseView = {
  readonly other_case: string;
  readonly other_exhibit: string;
  readonly sure: boolean;
  readonly resubmission: boolean;
  readonly common: boolean;
  readonly pictures: number;
  readonly regions: number;
  readonly picture: string;
  readonly other_picture: string;
  readonly box: readonly [number, number, number, number];
  readonly other_box: readonly [number, number, number, number];
  readonly mirrored: boolean;
  readonly turn_deg: number;
  readonly scale: number;
};

export type Verdict = "accepted" | "rejected" | "needs_review";

export type WaitingCase = {
  readonly id: string;
  readonly number: string;
  readonly platform: string | null;
  readonly state: CaseState;
  readonly kind: ClaimKind | null;
  readonly reason: ClaimReason | null;
  readonly title: string | null;
  readonly category: string | null;
  readonly lines: number;
  readonly value: string | null;
  readonly currency: string | null;
  readonly opened_at: string;
  readonly verdict: Verdict | null;
  readonly judged_at: string | null;
  readonly clock: WaitingClock | null;
  readonly urgency: Urgency;
  readonly hidden: boolean;
};

export type WaitingClock = {
  readonly code: string;
  readonly title: Say;
  readonly holder: Party;
  readonly state: ClockState;
  readonly due_at: string | null;
  readonly why: Say;
};

export type Whereabouts = "not_shipped" | "on_the_way" | "with_buyer" | "signed_by_unknown" | "signed_by_other" | "lost" | "coming_back" | "with_seller";

export type Window = "in_time" | "late_excused" | "late" | "unknown";

export type Found = "defect_confirmed" | "no_quality_problem" | "swapped" | "incomplete" | "used" | "referred" | "none" | "disputed";
