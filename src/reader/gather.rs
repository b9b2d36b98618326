//! Plates of one picture are read together: what they ask of the networks at the same time is asked once. A GPU answers to eight
//! plates nearly as soon as to one.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::inference::Inference;
use super::passes::read_plate;
use super::policy::Effort;
use super::timings::Stopwatch;
use super::{ReadError, ReadOptions, Reading};
use crate::calibration::Calibration;
use crate::detect::Candidate;
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::overview::Overview;
use crate::rectify::PlateImage;

/// Networks that wait with their answers until everyone has asked.
pub(super) struct Gathered<'a, N> {
    networks: &'a N,
    frame: &'a Frame<'a>,
    corners: Questions<Quad, Option<Quad>>,
    answers: Questions<PlateImage, Vec<f32>>,
    attention: bool,
}

impl<'a, N: Inference> Gathered<'a, N> {
    /// Networks that are asked about plates of `frame`; `attention` as for [`Inference::answer`].
    pub(super) fn new(networks: &'a N, frame: &'a Frame<'a>, attention: bool) -> Gathered<'a, N> {
        Gathered { networks, frame, corners: Questions::new(), answers: Questions::new(), attention }
    }

    /// What the tasks come to, in their order. They may wait for these networks alone.
    ///
    /// # Errors
    /// The first error of a task or of the networks.
    pub(super) async fn finish<T>(
        &self,
        tasks: impl Iterator<Item = impl Future<Output = Result<T, ReadError>>>,
    ) -> Result<Vec<T>, ReadError> {
        let mut tasks: Vec<_> = tasks.map(|task| (Box::pin(task), None)).collect();
        loop {
            for (task, result) in tasks.iter_mut().filter(|(_, result)| result.is_none()) {
                *result = poll(task.as_mut()).transpose()?;
            }
            if tasks.iter().all(|(_, result)| result.is_some()) {
                return Ok(tasks.into_iter().filter_map(|(_, result)| result).collect());
            }
            let outlines = self.corners.take();
            if !outlines.is_empty() {
                self.corners.answer(self.networks.all_corners(self.frame, &outlines).await?);
            }
            let plates = self.answers.take();
            if !plates.is_empty() {
                self.answers.answer(self.networks.answers(&plates, self.attention).await?);
            }
        }
    }
}

/// Reads the plates within `outlines`, each as [`read_plate`] does.
///
/// # Errors
/// As [`read_plate`].
pub(super) async fn read_plates(
    networks: &impl Inference,
    frame: &Frame<'_>,
    outlines: &[Quad],
    effort: Effort,
    options: &ReadOptions,
    watch: &Stopwatch,
) -> Result<Vec<Reading>, ReadError> {
    let gathered = Gathered::new(networks, frame, options.attention);
    let read = |outline| read_plate(&gathered, frame, outline, effort, options, watch);
    gathered.finish(outlines.iter().map(read)).await
}

/// Reads the one plate that a picture was taken of.
///
/// # Errors
/// As [`read_plate`].
pub(super) async fn read_crop(
    networks: &impl Inference,
    frame: &Frame<'_>,
    outline: &Quad,
    options: &ReadOptions,
    watch: &Stopwatch,
) -> Result<Reading, ReadError> {
    let outlines = std::slice::from_ref(outline);
    let mut readings = read_plates(networks, frame, outlines, Effort::Crop, options, watch).await?;
    Ok(readings.swap_remove(0))
}

fn poll<T>(task: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match task.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

impl<N: Inference> Inference for Gathered<'_, N> {
    fn calibration(&self) -> Calibration {
        self.networks.calibration()
    }

    fn has_detector(&self) -> bool {
        self.networks.has_detector()
    }

    async fn candidates(&self, overview: &Overview) -> Result<Vec<Candidate>, ReadError> {
        self.networks.candidates(overview).await
    }

    async fn corners(&self, _: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError> {
        Ok(self.corners.ask(*outline).await)
    }

    async fn answer(&self, plate: &PlateImage, _: bool) -> Result<Vec<f32>, ReadError> {
        Ok(self.answers.ask(plate.clone()).await)
    }
}

/// Questions of one kind: all that are asked between two answers are answered at once.
struct Questions<Q, A>(Mutex<State<Q, A>>);

struct State<Q, A> {
    asked: Vec<Q>,
    /// Questions that were taken before, whose answers begin here.
    first: usize,
    answers: Vec<Option<A>>,
}

impl<Q, A> Questions<Q, A> {
    fn new() -> Questions<Q, A> {
        Questions(Mutex::new(State { asked: Vec::new(), first: 0, answers: Vec::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State<Q, A>> {
        // Nothing panics while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, question: Q) -> A {
        let number = {
            let mut state = self.state();
            state.asked.push(question);
            state.first + state.answers.len() + state.asked.len() - 1
        };
        std::future::poll_fn(|_| {
            let mut state = self.state();
            let index = number.checked_sub(state.first);
            match index.and_then(|index| state.answers.get_mut(index)?.take()) {
                Some(answer) => Poll::Ready(answer),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// The questions that were asked since.
    fn take(&self) -> Vec<Q> {
        std::mem::take(&mut self.state().asked)
    }

    /// The answers to all that was [taken](Self::take), in that order.
    fn answer(&self, answers: Vec<A>) {
        let mut state = self.state();
        state.first += state.answers.len();
        state.answers = answers.into_iter().map(Some).collect();
    }
}
