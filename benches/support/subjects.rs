//! Everything whose instructions are counted, with its name.

use std::hint::black_box;

use tower_conditional::Rules;

use super::{
    cases::Case,
    evaluators::{ByHand, Evaluator, Ours, TypedHeaders},
    growth::{Growth, Subject},
    services::Server,
    tolerances::{ALL, CURRENT, Tolerance},
    valgrind::{WARM_UP, measured},
    workloads::{self, Shape, Workload},
};

/// A tag that is so short that a list is not searched for it.
const TAG_OF_3: &str = "\"7\"";

/// This crate with that current tag.
pub(crate) const SHORT_TAG: &str = "short-tag";

/// This crate with all comparison rules.
pub(crate) const ALL_RULES: &str = "all-rules";

/// Both.
pub(crate) const SHORT_TAG_AND_RULES: &str = "short-tag-and-rules";

/// Runs the subject this number of times.
pub(crate) fn repeat(subject: &str, times: u32) {
    let words: Vec<_> = subject.split(' ').collect();
    match words[..] {
        ["evaluate", evaluator, workload] => {
            let workload = workloads::all()
                .into_iter()
                .find(|known| known.name == workload)
                .unwrap_or_else(|| panic!("no workload {workload}"));
            match evaluator {
                Ours::NAME => evaluate::<Ours>(&workload, times),
                TypedHeaders::NAME => evaluate::<TypedHeaders>(&workload, times),
                ByHand::NAME => evaluate::<ByHand>(&workload, times),
                _ => panic!("no evaluator {evaluator}"),
            }
        }
        ["bytes", evaluator, shape, length] => {
            let shape = Shape::ALL.into_iter().find(|known| known.name() == shape);
            let length = length.parse().expect("a number of bytes");
            let shape = shape.expect("a shape");
            let workload = match evaluator {
                ALL_RULES => shape.workload_for(length, CURRENT),
                _ => shape.workload(length),
            };
            match evaluator {
                Ours::NAME => evaluate::<Ours>(&workload, times),
                SHORT_TAG => evaluate_by(&Ours::new(TAG_OF_3, Rules::RFC9110), &workload, times),
                SHORT_TAG_AND_RULES => evaluate_by(&Ours::new(TAG_OF_3, ALL), &workload, times),
                ALL_RULES => evaluate_by(&Ours::new(CURRENT, ALL), &workload, times),
                TypedHeaders::NAME => evaluate::<TypedHeaders>(&workload, times),
                ByHand::NAME => evaluate::<ByHand>(&workload, times),
                _ => panic!("no evaluator {evaluator}"),
            }
        }
        ["growth", kind, size] => {
            let size = size.parse().expect("a number");
            let growth = Growth::ALL.into_iter().find(|known| known.name() == kind);
            match growth.expect("a kind of growth").subject(size) {
                Subject::Workload(workload) => evaluate::<Ours>(&workload, times),
                Subject::Tolerance(tolerance) => tolerate(&tolerance, times),
            }
        }
        ["rules", index] => {
            let index: usize = index.parse().expect("a number");
            tolerate(&Tolerance::all()[index], times);
        }
        ["service", server, case] => {
            let server = Server::ALL.into_iter().find(|known| known.name() == server);
            let case = Case::all().into_iter().find(|known| known.name == case);
            serve(server.expect("a server"), &case.expect("a case"), times);
        }
        _ => panic!("no subject {subject}"),
    }
}

fn evaluate<E: Evaluator>(workload: &Workload, times: u32) {
    evaluate_by(&E::default(), workload, times);
}

fn evaluate_by<E: Evaluator>(evaluator: &E, workload: &Workload, times: u32) {
    evaluator.check(workload);
    let evaluate = |it: &Workload| evaluator.evaluate(&it.method, &it.headers);
    for _ in 0..WARM_UP {
        black_box(evaluate(black_box(workload)));
    }
    for _ in 0..times {
        black_box(measured(evaluate, black_box(workload)));
    }
}

fn serve(server: Server, case: &Case, times: u32) {
    let head = case.head();
    let request = || case.request(head.clone());
    let mut call = server.start(case);
    for _ in 0..WARM_UP {
        assert_eq!(call(request()), server.status(case));
    }
    for _ in 0..times {
        assert_eq!(
            measured(&mut call, black_box(request())),
            server.status(case)
        );
    }
}

fn tolerate(tolerance: &Tolerance, times: u32) {
    tolerance.check();
    for _ in 0..WARM_UP {
        black_box(Tolerance::evaluate(black_box(tolerance)));
    }
    for _ in 0..times {
        black_box(measured(Tolerance::evaluate, black_box(tolerance)));
    }
}
